"""Keep the rows of a long sheet in little memory."""

import pickle
import zlib
from collections.abc import Sequence

BLOCK = 500


class PackedRows(Sequence):
    """Rows of cells, packed in blocks; the block read last is kept unpacked.

    A row of a roster takes some 700 bytes as a list, and some 50 in here.

    :param rows: iterable of lists of cells

    >>> rows = PackedRows([number, "住宅"] for number in range(1200))
    >>> len(rows), rows[-1], rows[499:501]
    (1200, [1199, '住宅'], [[499, '住宅'], [500, '住宅']])
    """

    def __init__(self, rows):
        self._blocks = []
        self._length = 0
        self._at = None
        self._open = []
        block = []
        for row in rows:
            block.append(row)
            if len(block) == BLOCK:
                self._pack(block)
                block = []
        if block:
            self._pack(block)

    def _pack(self, block):
        self._length += len(block)
        self._blocks.append(zlib.compress(pickle.dumps(block), 1))

    def __len__(self):
        return self._length

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(self._length))]
        place = index + self._length if index < 0 else index
        if not 0 <= place < self._length:
            raise IndexError(index)
        at, within = divmod(place, BLOCK)
        if at != self._at:
            # Packed by this object a moment ago, nothing from outside.
            self._open = pickle.loads(zlib.decompress(self._blocks[at]))
            self._at = at
        return self._open[within]
