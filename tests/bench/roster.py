"""A large roster: many people of invented names over many cohorts, as the CSV text that an import takes."""

import csv
import io
from collections.abc import Iterator
from itertools import product

from storage.roster.file import COLUMNS

FIRST = (  # noqa: SIM905 (a paragraph reads better than many quotes)
    "Ana José Keola Rosa Tomás Renée Zoë Søren Chloé Łukasz Priya Hassan Victor Mateo Hiro Zane Jorge Femi Carla Elena Jamal "
    "Uma Lucía Dmitri Grace Kavya Marisol Noor Inés Gwen Bruno Imani Aaliyah Sofía Omar Olu Deshawn Farid Bo Xavier"
).split()
LAST = (  # noqa: SIM905
    "Diaz González Kim Reyes Okonjo Akana Núñez Whitfield Lindström Nguyen Patel Chen Washington Haddad Zamora Quispe Vargas "
    "Young Singh Dorsey Lopez Ellison Fofana Adler Mbeki Johnson Ueda Garcia Bautista Okafor Müller Xu O’Brien Fox Li Bell "
    "Ortiz Park Rossi Weber"
).split()
CITIES = (  # noqa: SIM905
    "Memphis,TN,America/Chicago Honolulu,HI,Pacific/Honolulu Phoenix,AZ,America/Phoenix Austin,TX,America/Chicago "
    "Chicago,IL,America/Chicago Milwaukee,WI,America/Chicago Charlotte,NC,America/New_York Atlanta,GA,America/New_York "
    "Denver,CO,America/Denver Seattle,WA,America/Los_Angeles Louisville,KY,America/Kentucky/Louisville "
    "Boston,MA,America/New_York"
).split()
THEMES = ("Procurement", "Eviction prevention", "Budgeting", "Open data", "Heat and trees", "Small business")
WORK = (
    ("Chief of Staff", "leadership; strategy"),
    ("Procurement Director", "procurement; vendor outreach"),
    ("Budget Analyst", "budget; finance"),
    ("Data and Analytics Manager", "open data; evaluation"),
    ("Equity Officer", "equity; MWBE"),
    ("Chief Innovation Officer", "innovation; performance management"),
)
PROGRAM_LEAD = "facilitator@program.example.org"


def text(people: int, cohorts: int) -> str:
    """So many delegates over so many cohorts, one facilitator for each cohort and one for the program."""
    written = io.StringIO()
    sheet = csv.DictWriter(written, COLUMNS, restval="")
    sheet.writeheader()
    sheet.writerow(_facilitator("Dana Whitfield", PROGRAM_LEAD))
    for number in range(cohorts):
        head = _facilitator(f"Head {number}", f"head{number}@program.example.org")
        sheet.writerow(head | {"network": _network(number), "cohort": _cohort(number)})
    sheet.writerows(_delegates(people, cohorts))
    return written.getvalue()


def more(people: int, cohorts: int, number: int) -> str:
    """So many new delegates over the same cohorts; each `number` is another file."""
    written = io.StringIO()
    sheet = csv.DictWriter(written, COLUMNS, restval="")
    sheet.writeheader()
    for row in _delegates(people, cohorts):
        sheet.writerow(row | {"name": f"{row['name']} of file {number}", "email": f"file{number}.{row['email']}"})
    return written.getvalue()


def email(number: int) -> str:
    """Of the delegate with this number, counted from 0."""
    return f"person{number}@city.example.org"


def _delegates(people: int, cohorts: int) -> Iterator[dict[str, str]]:
    names = [f"{first} {last}" for last, first in product(LAST, FIRST)]
    for number in range(people):
        cohort, seat = number % cohorts, number // cohorts
        city, state, zone = CITIES[(seat // 3) % len(CITIES)].split(",")
        title, expertise = WORK[number % len(WORK)]
        name = names[number % len(names)]
        name += f" {number // len(names) + 1}" if number >= len(names) else ""
        row = {"network": _network(cohort), "cohort": _cohort(cohort), "city": city, "state": state, "time_zone": zone}
        row |= {"role": "delegate" if seat % 3 else "lead", "title": title, "expertise": expertise}
        yield row | {"name": name, "email": email(number)}


def _facilitator(name: str, address: str) -> dict[str, str]:
    row = {"name": name, "email": address, "role": "facilitator", "title": "Head facilitator"}
    return row | {"expertise": "coaching", "time_zone": "America/New_York"}


def _cohort(number: int) -> str:
    return f"Cohort {number + 1}: {THEMES[number % len(THEMES)]}"


def _network(cohort: int) -> str:
    return f"Network {cohort % 5 + 1}"
