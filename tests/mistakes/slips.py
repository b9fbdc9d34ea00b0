"""JSON and YAML as somebody in a hurry writes them, and the messages that they get."""

from tests.mistakes.making import Wrong, setting, text


def written(name: str, content: str, message: str, file: str = "a.json") -> Wrong:
    """A file that cannot be read."""
    return Wrong(name, text(file, content), ("-c", file), f"error: {file}: {message}\n")


SLIPS = [
    written(
        "a trailing comma",
        '{"name": "x",\n "seed": 1,\n}',
        "line 2 column 11: a comma after the last item of an object; delete it",
    ),
    written(
        "a comma after a list", '{"a": [1, 2, ]}', "line 1 column 12: a comma after the last item of a list; delete it"
    ),
    *(
        written(
            f"a comment {mark}",
            f'{{"name": "x",\n {mark} mine\n "seed": 1}}',
            "line 2 column 2: a comment, which JSON does not have; delete it, or write the config in YAML, which has # "
            "comments",
        )
        for mark in ("//", "#", "/*")
    ),
    written(
        "a file of nothing but blanks",
        " \n",
        "the file is empty; expected an object with keys and values, as config.json has",
    ),
    written(
        "NaN",
        '{"name": "NaN",\n "lr": NaN}',
        "line 2 column 8: NaN is not a number that a config may hold; for none write null",
    ),
    written(
        "a key twice with its place",
        '{"a": 1,\n "a": 2}',
        "line 2 column 2: the key 'a' is there twice; delete one of them",
    ),
    written("Python's True", '{"a": True}', "line 1 column 7: True is written true in JSON"),
    written("Python's None", '{"a": None}', "line 1 column 7: None is written null in JSON"),
    written("single quotes", "{'a': 1}", "line 1 column 2: texts stand in straight double quotes: write \" for '"),
    written(
        "quotes of an editor",
        "{\u201ca\u201d: 1}",
        'line 1 column 2: texts stand in straight double quotes: write " for \u201c',
    ),
    written("a key without quotes", "{a: 1}", 'line 1 column 2: a key stands in double quotes: write "a"'),
    written("a text without quotes", '{"a": Adam}', 'line 1 column 7: a text stands in double quotes: write "Adam"'),
    written(
        "a text without its end",
        '{"a": "x,\n "b": 1}',
        'line 2 column 2: a text without its closing " before the end of the line',
    ),
    written(
        "a missing comma",
        '{"a": 1\n "b": 2}',
        'line 2 column 2: expected a comma, found "b"; a comma is missing, or a quote before it is one too many',
    ),
    written("an equals sign", '{"a" = 1}', 'line 1 column 6: expected ":" between a key and its value, found ='),
    written(
        "a missing bracket",
        '{"a": {"b": 1}',
        "line 1 column 15: the text ends within an object; a closing bracket is missing",
    ),
    written("another bracket", '{"a": [1}', "line 1 column 9: expected ], which closes what was opened last, found }"),
    written("a bracket too many", '{"a": 1}}', "line 1 column 9: more after the end of the first object; delete it"),
    written(
        "a path of Windows",
        '{"a": "C:\\data"}',
        'line 1 column 10: a backslash in a text is written twice ("C:\\\\data"), and a path may have / instead',
    ),
    written(
        "a number that begins with a point",
        '{"a": .5}',
        "line 1 column 7: a number begins with a digit: write 0 before the point",
    ),
    written(
        "a number with a comma",
        '{"a": 1,000}',
        "line 1 column 9: a number has no commas between its digits; delete them",
    ),
    written("a tab in YAML", "a:\n\tb: 1", "line 2 column 1: a tab cannot indent YAML; indent by blanks", "a.yaml"),
    written(
        "a list without its end",
        "a: [1, 2",
        "line 1 column 4: a list that begins here has no comma between two values, or no closing ]",
        "a.yaml",
    ),
    written(
        "a column between two",
        "a:\n  b: 1\n c: 2",
        "line 3 column 2: the line begins in another column than the keys it belongs to; indent it as they are",
        "a.yaml",
    ),
    written(
        "a merge key of nothing",
        "a: {<<: *x}",
        "line 1 column 9: there is no &name before this *name; a text that begins with * stands in quotes",
        "a.yaml",
    ),
    written(
        "a merge key of a number",
        "a: {<<: 3}",
        "line 1 column 9: << takes the keys of an object, such as *name, or of a list of them",
        "a.yaml",
    ),
    written(
        "no blank after a colon",
        "name:x",
        'expected an object with keys and values, got "name:x"; after a key\'s colon stands a blank',
        "a.yaml",
    ),
    Wrong(
        "no blank after a colon within",
        text("a.yaml", "extends: config.json\ntrainer:\n  epochs:3"),
        ("-c", "a.yaml"),
        'got "epochs:3" (in YAML a blank stands after a key\'s colon)',
    ),
    Wrong(
        "a layer as a key",
        None,
        setting('arch={"type": "Sequential", "args": {"layers": ["Flatten", {"Linear": {"out_features": 10}}]}}'),
        'arch.args.layers.1: a layer stands by its "type": write {"type": "Linear", "args": {"out_features": 10}}\n',
    ),
    Wrong(
        "merged keys that are wrong",
        text("a.yaml", "extends: config.json\noptimizer: &o {type: SGD, args: {lrr: 1}}\nloss: {<<: *o}"),
        ("-c", "a.yaml"),
        "loss: unknown loss 'SGD'",
    ),
]
