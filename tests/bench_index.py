"""Figures of the index: the error count and H against one read of the answers, and the whole index of a programme.

Run `python -m tests.bench_index` from the root of the checkout. Ratios hold within one run; none is a gate.
"""

import time

import numpy as np

from data.framework_file import read_framework
from model.index.assessing import GroupAnswers, assess
from model.index.guttman import count_errors
from model.index.scalability import item_h, scale_h


def best(work, times=7):
    """Least processor time of several runs, in milliseconds: other programs on the machine do not count."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return 1000 * min(spent)


def plain_errors(answers):
    """The count as plain numpy writes it: sort the columns, compare every cell with the ideal pattern."""
    order = np.argsort(-answers.sum(axis=0, dtype=np.int64), kind="stable")
    ranked = answers[:, order]
    ideal = np.arange(answers.shape[1]) < ranked.sum(axis=1)[:, None]
    return int((ranked != ideal).sum())


def against_one_read(n=1_000_000, k=30):
    answers = (np.random.default_rng(0).random((n, k), dtype=np.float32) < np.linspace(0.2, 0.9, k)).astype(np.uint8)
    tied = answers.copy()
    tied[:, 3] = np.random.default_rng(1).permutation(tied[:, 2])
    assert plain_errors(answers) == count_errors(answers).errors
    reads = {"max": best(answers.max), "sum": best(answers.sum)}
    work = {
        "Goodenough-Edwards count": lambda: count_errors(answers),
        "the same with tied items": lambda: count_errors(tied),
        "the count in plain numpy": lambda: plain_errors(answers),
        "H with its standard error": lambda: scale_h(answers),
        "H of every item with s.e.": lambda: item_h(answers),
    }
    print(f"{n:,} x {k} answers, one byte each: one read {reads['max']:.2f} ms (max), {reads['sum']:.2f} ms (sum)")
    for name, job in work.items():
        spent = best(job, 5)
        print(f"  {name:27} {spent:8.1f} ms = {spent / reads['max']:6.1f} x max, {spent / reads['sum']:5.1f} x sum")


def whole_index(mentors=160, each=20, k=16):
    rng = np.random.default_rng(0)
    n = mentors * each
    yes = rng.random((n, k)) < 1 / (1 + np.exp(np.linspace(-2, 2, k) - rng.standard_normal((n, 1))))
    rules, items = read_framework().index, tuple(f"i{item}" for item in range(k))
    groups = np.repeat(np.arange(mentors), each)
    cells = yes.astype(np.int8)
    programme = GroupAnswers("program", items, cells, groups)
    single = [GroupAnswers(f"m{m}", items, cells[groups == m], groups[groups == m]) for m in range(mentors)]
    once = best(lambda: assess(programme, rules, seed=0, measure_persons=True), 3)
    every = best(lambda: [assess(one, rules, seed=0) for one in single], 1)
    count = best(lambda: count_errors(cells.view(np.uint8)))
    print(f"{n:,} x {k} answers with all companions: {once:.0f} ms, {once / count:,.0f} x the count of errors alone")
    print(f"  the same rows as {mentors} mentors: {every:.0f} ms, {every / once:.1f} x the programme")


if __name__ == "__main__":
    against_one_read()
    whole_index()
