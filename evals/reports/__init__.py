"""What a person or a pipeline reads of a run. Each module has `render(run)`, and none shows times or
folders of a machine: the same record gives the same bytes anywhere.
"""
