"""The reference: every function that the course asks for, a room a chapter.

NumPy, `byhand.arrays`, `byhand.data` and earlier chapters are all that it imports.
"""
