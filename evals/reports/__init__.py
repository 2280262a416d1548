"""What a person or a pipeline reads of a run. Each report has `render(run)`, and none shows times or folders
of a machine: the same record gives the same bytes anywhere.

What the pages of the application show too lies beside them: `showing` (a result with its changed cases),
`drawing` and `slice_plot` (where the marks of a plot lie), `differing` (what changed between two texts).
Pages import reports, and never the other way round.
"""
