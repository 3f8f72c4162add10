from boxout.compiled import compile_all, compiled_once


def test_what_is_kept_on_disk_is_what_was_compiled(world, tmp_path):
    pipeline, tables = world.project.pipeline, world.project.graph.tables
    fresh = compile_all(pipeline, tables, "duckdb")
    assert compiled_once(pipeline, tables, "duckdb", tmp_path) == fresh
    assert compiled_once(pipeline, tables, "duckdb", tmp_path) == fresh
    assert len(list(tmp_path.glob("*.json"))) == 1
