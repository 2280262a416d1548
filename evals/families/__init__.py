"""One module a family of the suite, each with `task() -> Task`; `evals.tasks` knows their names."""
