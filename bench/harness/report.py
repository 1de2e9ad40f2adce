"""Turns measurements into ratios, a Markdown table, and the files of bench/results/."""
import json
import os
import re
import statistics
import sys

from rows import LESS

UNEVEN = 1.5  # rounds that differ by a larger factor were disturbed


def summary(row, peer, graft, bench):
    """The result of a row as one record. The ratio is above 1 if graft is better."""
    def ratio(p, g):
        return p / g if row.better == LESS else g / p
    values = {"peer": [f.value for f in peer], "graft": [f.value for f in graft]}
    medians = {who: statistics.median(v) for who, v in values.items()}
    ratios = [ratio(p, g) for p, g in zip(values["peer"], values["graft"])]
    result = {"row": row.name, "label": row.label, "unit": row.unit, "better": row.better, "median": medians,
              "ratio": ratio(medians["peer"], medians["graft"]), "ratio_min": min(ratios), "ratio_max": max(ratios),
              "bar": row.bar, "problem": row.check(peer, graft) if row.check else "",
              "peer": [{"value": f.value, **f.raw} for f in peer],
              "graft": [{"value": f.value, **f.raw} for f in graft]}
    applies = row.bar is not None and (bench.bf16 or not row.needs_bf16)
    result["reached"] = result["ratio"] >= row.bar and not result["problem"] if applies else None
    return result


def failure(row, error):
    return {"row": row.name, "label": row.label, "unit": row.unit, "bar": row.bar, "error": str(error), "reached": None}


def quantity(value, unit):
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:.{digits}f} {unit}"


def notes(result):
    found = [result["problem"]] if result["problem"] else []
    if any(figure.get("scaled") for figure in result["peer"]):
        found.append("Python scaled from fewer epochs")
    for who in ("peer", "graft"):
        values = [figure["value"] for figure in result[who]]
        if max(values) > UNEVEN * min(values):
            low, high = (quantity(v, result["unit"]) for v in (min(values), max(values)))
            found.append(f"uneven, repeat it: {who} between {low} and {high}")
    if "peak_rss_mib" in result["graft"][0]:
        rss = {who: statistics.median(f["peak_rss_mib"] for f in result[who]) for who in ("peer", "graft")}
        found.append(f"RSS added up: {rss['peer']:.0f} and {rss['graft']:.0f} MiB")
    return found


def table_line(result):
    bar = f"{result['bar']:g}" if result["bar"] else ""
    if "error" in result:
        return f"| {result['label']} | | | | {bar} | skipped: {result['error'].replace('|', '/')} |"
    verdict = {True: "yes", False: "**no**", None: "no such instructions here" if bar else ""}[result["reached"]]
    peer, graft = (quantity(result["median"][who], result["unit"]) for who in ("peer", "graft"))
    remarks = "; ".join(filter(None, [verdict, *notes(result)]))
    return (f"| {result['label']} | {peer} | {graft} | **{result['ratio']:.2f}** "
            f"({result['ratio_min']:.2f}–{result['ratio_max']:.2f}) | {bar} | {remarks} |")


def markdown(record):
    machine, versions = record["machine"], record["versions"]
    peer = "earlier " + versions["earlier"] if "earlier" in versions else "Python"
    quick = ["", "**Quick run: a functional check, not to be quoted.**"] if record["quick"] else []
    return "\n".join([
        f"# graft and {peer} on {machine['cpu']}, {record['date'][:10]}", "",
        "Written by `bench/compare.py`; do not edit. [Description of the comparison](../README.md). "
        "All measurements: the `.json` beside this file.", *quick, "",
        f"- machine: {machine['cpu']}, {machine['cores']} of {machine['cores_of_machine']} cores used, "
        f"{', '.join(machine['flags']) or 'no listed vector instructions'}, {machine['memory_gib']} GiB, "
        f"{machine['system']}, load before {machine['load_before']}, computing on {record['device']}",
        f"- graft: {versions['graft']}, commit {versions['commit'] or 'unknown'}",
        "- Python: " + ", ".join(f"{name} {version}" for name, version in versions["peer"].items()),
        f"- data: {record['data']}; {record['date']}; rounds: {record['rounds']}; epochs of a training run: "
        f"{record['epochs']}",
        f"- command: `{record['command']}`", "",
        f"Medians of {record['rounds']} round{'s' * (record['rounds'] > 1)}; the ratio is of the medians, in brackets "
        "the smallest and the largest of a round. Above 1 graft is better. The bars apply to 2 cores.", "",
        f"| row | {peer} | graft | ratio | bar | reached |", "|---|---|---|---|---|---|",
        *map(table_line, record["rows"]), ""])


def publish(record, folder, text, ending=""):
    """Writes the table `text` and the record under an unused name, and prints the table."""
    cpu = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\((r|tm)\)", "", record["machine"]["cpu"].lower())).strip("-")
    stem = f"{record['date'][:10]}-{cpu}{ending}"
    folder.mkdir(parents=True, exist_ok=True)
    names = (stem if n == 1 else f"{stem}-{n}" for n in range(1, 10_000))
    path = next(folder / f"{name}.md" for name in names if not (folder / f"{name}.md").exists())
    path.write_text(text)
    path.with_suffix(".json").write_text(json.dumps(record, indent=1) + "\n")
    print(text)
    print(f"wrote {os.path.relpath(path)}", file=sys.stderr)
