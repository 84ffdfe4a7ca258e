"""The grading pipeline: submitted notebooks in, marks and feedback out.

Six stages, each a plain function in a module of its name. Data flows one way through the types of
`grader.model`:

    collect -> rebuild -> execute -> judge -> record -> publish

`grader.pipeline.grading` runs them over a class; `python -m grader` is the command line.
"""
