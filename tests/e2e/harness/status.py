"""What `edgewalk check -o json` says of status, as rows."""


def places(one):
    """Where an object of the answer carries conditions: ("listener http", [condition…])."""
    yield "", one.get("conditions", [])
    for listener in one.get("listeners", []):
        yield f"listener {listener['name']}", listener["conditions"]
    for parent in one.get("parents", []) + one.get("ancestors", []):
        section = f"/{parent['sectionName']}" if parent.get("sectionName") else ""
        yield f"at {parent['kind']} {parent['name']}{section}", parent.get("conditions", [])


def conditions(answer):
    """(object, place, condition) of all that the answer holds."""
    for one in answer["objects"]:
        for place, row in places(one):
            for condition in row:
                yield one, place, condition
