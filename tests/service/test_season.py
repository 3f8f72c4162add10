"""The season's page: a fold over every date, which a busy night must not ask for all the time."""

from importlib import import_module

from cli.night import DAY

routes = import_module("boxout.service.ui.routes")


def test_a_season_that_moves_all_the_time_is_folded_now_and_then(client, desk, monkeypatch):
    folded: list[str] = []
    fold = routes._season

    def counted(of, name):
        folded.append(name)
        return fold(of, name)

    monkeypatch.setattr(routes, "_season", counted)
    desk.worker.end()
    for _ in range(3):
        assert client.get("/ui/season").status_code == 200
        desk.engine.ledger.waive(
            desk.engine.ledger.expectations(DAY, DAY + "~", 99)[0].partition, "r", "b"
        )
        desk.changes.tell()
    assert len(folded) == 1
    monkeypatch.setattr(routes, "SEASON_S", 0.0)
    assert client.get("/ui/season").status_code == 200
    assert len(folded) == 2
