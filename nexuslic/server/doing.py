"""What each act of the vendor's people does to the registry, whoever asks for it: a route, or a page of the console."""

from collections.abc import Callable
from typing import Any

from nexuslic.errors import CodeRefused
from nexuslic.issuing import keys, support
from nexuslic.issuing.registry import Issued
from nexuslic.ports import Chance
from nexuslic.rules.license import LicenseKey
from nexuslic.server import contacts, forms, queries, views
from nexuslic.server.acts import Done
from nexuslic.server.queries import NoSuchKey
from nexuslic.server.registry_sql import SqlRegistry
from nexuslic.server.service import Service
from nexuslic.trust import codes

Work = Callable[[SqlRegistry], Done]


def issue(form: forms.NewLicense, chance: Chance) -> Work:
    """A new key with these terms."""

    def work(registry: SqlRegistry) -> Done:
        issued = _issued(registry, form, chance)
        return Done(_listed(registry, issued), issued.key, forms.to_builtins(form), 201)

    return work


def issue_many(form: forms.ManyLicenses, chance: Chance) -> Work:
    """A new key for each of a list: all of them, or none."""

    def work(registry: SqlRegistry) -> Done:
        made = [_issued(registry, one, chance) for one in form.licenses]
        lines = tuple((one.key, forms.to_builtins(told)) for one, told in zip(made, form.licenses, strict=True))
        return Done(forms.Issued(items=[_listed(registry, one) for one in made]), None, {}, 201, lines)

    return work


def change(key: LicenseKey, form: forms.Changes) -> Work:
    """Other terms for the grants to come."""
    return _to_key(
        key,
        lambda registry: support.change(registry, key, lambda terms: views.changed(terms, form)),
        forms.to_builtins(form),
    )


def extend(key: LicenseKey, form: forms.ExtensionForm) -> Work:
    """Extra days of grace for every grant up to a moment. Raises InputError where that is outside the calendar."""
    extension = views.extension_of(form)
    assert extension is not None
    told = {"extension": forms.to_builtins(form)}
    return _to_key(key, lambda registry: support.extend(registry, key, extension), told)


def suspend(key: LicenseKey) -> Work:
    """Refuse every grant until the license is reinstated."""
    return _to_key(key, lambda registry: support.suspend(registry, key), {})


def reinstate(key: LicenseKey) -> Work:
    """Lift a suspension."""
    return _to_key(key, lambda registry: support.reinstate(registry, key), {})


def revoke(key: LicenseKey) -> Work:
    """End a key for good."""
    return _to_key(key, lambda registry: support.revoke(registry, key), {})


def answer_code(form: forms.CodeForm, service: Service) -> Work:
    """The renewal code for a request code. Raises CodeRefused and DeniedCode when it is done."""

    def work(registry: SqlRegistry) -> Done:
        asked = codes.read_request(form.code).pending
        if not contacts.plain(asked.binding):
            raise CodeRefused("this is no request code, its names are such as no database has: ask for another one")
        code = support.answer_code(form.code, registry, service.keys.signatory(), registry.now)
        issued = registry.find(asked.key)
        if issued is None:
            raise NoSuchKey(asked.key)
        extra = issued.extra_days(registry.now)
        answer = forms.CodeAnswer(
            code=code,
            key=str(asked.key),
            organisation=issued.license.organisation,
            binding=str(asked.binding),
            grace_days=issued.license.grace_days,
            extra_days=extra,
        )
        detail = {"binding": str(asked.binding), "version": str(asked.version), "extra_days": extra}
        return Done(answer, asked.key, detail)

    return work


def _issued(registry: SqlRegistry, form: forms.NewLicense, chance: Chance) -> Issued:
    return keys.issue(registry, chance, views.terms_of(form), views.extension_of(form.extension))


def _listed(registry: SqlRegistry, issued: Issued) -> forms.LicenseView:
    return views.license_view(issued, registry.now, 0, registry.now)


def _to_key(key: LicenseKey, act: Callable[[SqlRegistry], Issued], detail: dict[str, Any]) -> Work:
    """An act on one key, answered with the key as it is then; of what `detail` changes, what was before is told too."""

    def work(registry: SqlRegistry) -> Done:
        registry.load_whole([key], lock=True)
        before = forms.to_builtins(queries.detail(registry, key))
        act(registry)
        changed = {**detail, "before": {name: before[name] for name in detail}} if detail else {}
        return Done(queries.detail(registry, key), key, changed)

    return work
