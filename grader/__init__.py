"""The grading pipeline: submitted notebooks in, marks and feedback out.

A *hand-in* (learner, chapter, digest, time) goes through seven stages, each a folder of its name. Data flow one way,
through the types of `grader.model`:

    intake     what an LMS gives, placed into submitted/
    rebuild    a file becomes a notebook that is trusted in all but its answers
    execute    its cells run in a sandbox, and its checks collect what the answers return
    judge      what was collected is compared with the reference, on inputs drawn for this very code
    record     the marks go into nbgrader's gradebook, the graded notebook into autograded/
    publish    pages, grades.csv and the class report, from what is recorded
    hand back  marks and pages in the form that the LMS takes

`grader.pipeline.submission` leads one hand-in from rebuild to judge, and `grader.pipeline.grading` a class from
intake to record; whatever one hand-in does ends in one row. `grader.pipeline.digests` says what has to be done again
after a change. `python -m grader` is the command line.
"""
