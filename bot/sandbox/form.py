"""A form on a person's screen: what stands in it, filling it in, sending it off."""

from typing import TYPE_CHECKING, Any

from bot.sandbox import elements

if TYPE_CHECKING:
    from bot.sandbox.person import Actor

Json = dict[str, Any]


class Form:
    """One open modal. Inputs go by block_id, action_id or label. `errors` holds what a refused submit showed: {block_id: text}."""

    def __init__(self, actor: "Actor", view_id: str) -> None:
        self._actor = actor
        self._id = view_id
        self._last: Json = {}
        self.errors: dict[str, str] = {}

    @property
    def view(self) -> Json:
        """Slack's view object as it is now, `state` included; the last one known when the form has closed."""
        open_view = self._actor.open_view(self._id)
        if open_view is not None:
            self._last = self._actor.exchange.current(open_view)
        return self._last

    @property
    def is_open(self) -> bool:
        return self._actor.open_view(self._id) is not None

    @property
    def title(self) -> str:
        return str(self.view["title"]["text"])

    @property
    def labels(self) -> list[str]:
        """The labels of the inputs, from top to bottom."""
        return [block["label"]["text"] for block in self.view["blocks"] if block["type"] == "input"]

    @property
    def text(self) -> str:
        """Everything that can be read in it, line by line."""
        return elements.text_of(self.view)

    def __getitem__(self, name: str) -> Any:
        """What stands in an input: its text, date, user id, the `value` of the chosen option, a list of them, or None."""
        view = self.view
        return elements.value_of(_state(view, elements.find(view["blocks"], name, elements.STATES)))

    async def fill(self, **answers: Any) -> "Form":
        """Put values into inputs as a person would; those that dispatch an action send it to the app at once."""
        for name, value in answers.items():
            await self.put(name, value)
        return self

    async def put(self, name: str, value: Any) -> "Form":
        """As `fill`, for one input, whose name need not be a Python word (a label, say)."""
        open_view = self._actor.open_view(self._id)
        if open_view is None:
            raise LookupError("This form is not open any more.")
        found = elements.find(open_view["blocks"], name, elements.STATES)
        state = elements.filled(found, value)
        self._actor.exchange.keep(open_view["state"]["values"], found, state)
        if found.block["type"] != "input" or found.block.get("dispatch_action"):
            await self._actor.act_in_view(open_view, found, state)
        return self

    async def submit(self, **answers: Any) -> "Form | None":
        """Fill in and send off: the form that comes next, None when it closed, or this one with `errors` set.

        As in Slack's client, faulty inputs are marked and nothing is sent.
        """
        if not self.is_open:
            raise LookupError("This form is not open any more.")
        await self.fill(**answers)
        self.errors = self._problems()
        if self.errors:
            return self
        before = self._actor.open_views()
        self.errors = await self._actor.exchange.submit(self._actor.id, self.view)
        return self if self.errors else self._actor.form_after(before, self._id)

    async def close(self, *, everything: bool = False) -> None:
        """Press Cancel; with `everything`, the cross that closes the forms below as well."""
        await self._actor.exchange.close(self._actor.id, self.view, everything=everything)

    async def options(self, name: str, typed: str = "") -> list[Json]:
        """What a menu with an external source offers for these letters."""
        found = elements.find(self.view["blocks"], name, elements.STATES)
        return await self._actor.exchange.options(self._actor.id, self.view, found, typed)

    def _problems(self) -> dict[str, str]:
        view, answer = self.view, {}
        for found in elements.inputs(view["blocks"]):
            problem = elements.problem(found, _state(view, found))
            if problem:
                answer[found.block["block_id"]] = problem
        return answer


def _state(view: Json, found: elements.Found) -> Json:
    state: Json = view["state"]["values"][found.block["block_id"]][found.element["action_id"]]
    return state
