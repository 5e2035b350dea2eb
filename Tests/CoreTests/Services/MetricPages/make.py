#!/usr/bin/env python3
"""Writes pages.jsonl: small pages of metrics, and the results of the reference parsers.

Needs promtool (Debian's prometheus) and prometheus_client 0.22 or later (PyPI). Usage: make.py > pages.jsonl
"""
import json, math, subprocess
from prometheus_client.parser import text_string_to_metric_families as text_families
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_families

SAMPLES = [
    "up 1", "up 1.5", "up -3", "up +3", "up .5", "up 5.", "up 1e3", "up 1E+3", "up 1e-3", "up 007",
    "up 1e999", "up -1e999", "up 1e-999", "up 0x10", "up 0x1p3", "up 1_000", "up 1,5", "up 1.2.3", "up --1", "up e5", "up .",
    "up inf", "up +inf", "up -inf", "up Inf", "up +Inf", "up -Inf", "up INF", "up Infinity", "up +infinity", "up -Infinity",
    "up nan", "up NaN", "up NAN", "up +NaN", "up -nan", "up nano", "up info",
    "up 1 1700000000000", "up 1 -5", "up 1 +5", "up 1 1.5", "up 1 x", "up 1 2 3", "up 1 99999999999999999999",
    " up 1", "\tup 1", "up\t1", "up  1  ", "up 1\t", "up \t 1 \t 5", "up", "up ", "1up 2", "u-p 1", "u.p 1", "u:p 1", ":up 1", "_up 1",
    "up}1", "up{} 1", "up {} 1", "up{}1", "up{ } 1", "up{", "up{}", "up{} ",
    'r{a="1"} 2', 'r {a="1"} 2', 'r{a="1"}2', 'r{ a="1"} 2', 'r{a ="1"} 2', 'r{a= "1"} 2', 'r{a="1" } 2', 'r{a="1",} 2', 'r{a="1", } 2',
    'r{a="1" ,b="2"} 2', 'r{a="1",b="2"} 2', 'r{\ta\t=\t"1"\t,\tb="2"}\t2', 'r{,} 2', 'r{,a="1"} 2', 'r{a="1",,b="2"} 2', 'r{a="1" b="2"} 2',
    'r{a="1",a="2"} 2', 'r{a="1",a="1"} 2', 'r{__name__="x"} 2', 'r{a:b="1"} 2', 'r{1a="1"} 2', 'r{a-b="1"} 2', 'r{a=1} 2', "r{a='1'} 2", 'r{a} 2',
    'r{="1"} 2', 'r{a="1} 2', 'r{a="1"', 'r{a="1"} ', 'r{a=""} 2', 'r{a="}"} 2', 'r{a="{,="} 2', 'r{a="#"} 2', 'r{a="\\\\"} 2', 'r{a="\\""} 2',
    'r{a="\\n"} 2', 'r{a="\\q"} 2', 'r{a="\\t"} 2', 'r{a="ü€😀"} 2', 'rü 2', 'r{ü="1"} 2', 'r{a="1"} 2 3', 'r{a="1"} 2 3 4', 'r{a="1"} inf',
    'up 1 # {trace_id="a"} 1', "up 1 # comment", "up 1 #", "{up} 1", '{"up"} 1', '{"up",a="1"} 2', '{"http.requests",a="1"} 2',
    '{"up","http.route"="/x"} 2', 'up{"http.route"="/x"} 2', '{"up","down"} 1', 'up{"down"} 1', '{a="1"} 2', '{} 2', '{"up" , a = "1" , } 2',
    '{a="1","up"} 2', '{"up",} 2', '{"u\\"p"} 2', '{""} 2',
]
OPEN = [
    "up 1", "up 1 1700000000.123", "up 1 1700000000", "up 1 1.7e9", "up 1 x",
    'c_total{a="1"} 5 # {trace_id="abc"} 1', 'c_total{a="1"} 5 # {trace_id="abc"} 1 1700000000.1', 'c_total 5 1700000000 # {trace_id="abc"} 0.5 1.5',
    'c_total{a="#"} 5 # {t="}"} 1', "c_total 5", "c_created 1.7e9", "up NaN", "up +Inf",
]


def python(families, page):
    try:
        return [[s.name, s.labels, number(s.value)] for f in families(page) for s in f.samples]
    except Exception:
        return None


def number(value):
    return "NaN" if math.isnan(value) else "inf" if value == math.inf else "-inf" if value == -math.inf else repr(float(value))


def promtool(page):
    run = subprocess.run(["promtool", "check", "metrics"], input=page.encode(), capture_output=True)
    return "error while linting" not in run.stderr.decode()


def main():
    for sample in SAMPLES:
        page = sample + "\n"
        print(json.dumps({"page": page, "promtool": promtool(page), "client": python(text_families, page)}, ensure_ascii=False))
    for sample in OPEN:
        kind = "counter" if sample.startswith("c_") else "gauge"
        page = f"# TYPE {sample.split('_')[0].split(' ')[0].split('{')[0]} {kind}\n{sample}\n# EOF\n"
        print(json.dumps({"page": page, "isOpenMetrics": True, "client": python(open_families, page)}, ensure_ascii=False))


main()
