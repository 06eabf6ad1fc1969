"""How well each rule does on its labelled sentences (``tests/tracing/redaction``): a test measures it anew and holds this against it."""

from dataclasses import dataclass

from flowyard.wire.telemetry_policy import RedactionRule


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of a rule: sentences with something to find and without, precision and recall, 0 to 1."""

    sentences_with: int
    sentences_without: int
    precision: float
    recall: float


MEASURED: dict[RedactionRule, Measured] = {
    "secrets": Measured(26, 36, 1.00, 1.00),
    "email": Measured(22, 22, 1.00, 0.92),
    "phone": Measured(24, 28, 0.96, 0.96),
    "card": Measured(20, 24, 1.00, 0.95),
    "iban": Measured(18, 21, 1.00, 1.00),
    "ip_address": Measured(18, 27, 0.95, 1.00),
    "us_ssn": Measured(16, 23, 0.94, 1.00),
    "es_nif": Measured(15, 21, 1.00, 1.00),
    "fr_nir": Measured(15, 21, 1.00, 1.00),
    "br_cpf": Measured(15, 21, 1.00, 1.00),
    "it_codice_fiscale": Measured(15, 21, 1.00, 1.00),
}
