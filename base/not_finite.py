"""A step that cannot be made."""


class NotFinite(Exception):  # noqa: N818 - an event of training, which is not always an error
    """Numbers of a training step are infinite or not numbers.

    `what` is "loss", "gradient" or "weights"; `spoilt` says that the parameters have become so, else they are as they
    were before the step.
    """

    def __init__(self, what: str, spoilt: bool = False) -> None:
        super().__init__(what, spoilt)
        self.what = what
        self.spoilt = spoilt
