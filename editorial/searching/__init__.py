"""
Search over everything that readers may have, by tantivy, in this process.

``offers``  what a room lets be found, said in its own ``search.py``
``tongues`` how the words of a language are told apart, and which are the same word
``index``   the derived folder under ``var/``: fields, reading, one writer at a time
``noting``  the content clock: which object changed, written with the change
``keeping`` brings the index up to the newest change, or builds it anew
``asking``  what a reader asks, and what the index answers
"""
