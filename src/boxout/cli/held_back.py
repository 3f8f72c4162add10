"""What to do about files that were held back whole, because too much of them is rejected."""

from collections.abc import Iterator, Sequence

from boxout.cli import show
from boxout.run import Landed
from boxout.run.batch import BATCH
from boxout.run.land import ROWS_ASIDE


def whole_files(landed: Sequence[Landed]) -> Iterator[str]:
    """The next step, once for all files that were held back whole; nothing when none was."""
    whole = {BATCH, ROWS_ASIDE}
    back = [f for f in landed if any(r.subject in whole for of in f.reasons.values() for r in of)]
    for one in back[:1]:
        yield (
            f"{show.many(len(back), 'file')} held back whole: a rule or the file is wrong.\n"
            f"Next: mend it and land it again; or, past it: boxout land {one.file} --force --reason WHY"
        )
