"""What can go wrong in learning. Sentences for people are given at the edge, by `code`."""


class LearningError(Exception):
    """Base of this room's errors."""

    code = "learning_error"


class NotACourse(LearningError):
    """The work is no micro-course, or is not live."""

    code = "not_a_course"


class NoSuchLesson(LearningError):
    """The live version of the course has no such lesson."""

    code = "no_such_lesson"


class ProgressOutOfRange(LearningError):
    """A fraction is no number from 0 to 1, or a position no number of seconds."""

    code = "progress_out_of_range"
