from handlers import alike


def test_initials_come_with_and_without_small_words() -> None:
    assert alike.initials("Project on Municipal Innovation") == "pmi pomi"
    assert alike.initials("Civic Tech & Data Collaborative") == "ctdc ctdc"
    assert alike.initials("Memphis") == ""
