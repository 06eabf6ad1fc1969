"""Check digits of cards, accounts and national ids. All take the characters without separators; what has another form is not valid."""

_LUHN_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_NIF = "TRWAGMYFPDXBNJZSQVHLCKE"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_CODICE_FISCALE_ODD = dict(zip(_ALPHABET, _ODD, strict=True))
_CODICE_FISCALE_EVEN = dict(zip(_ALPHABET, (*range(10), *range(26)), strict=True))


def luhn(digits: str) -> bool:
    """Return whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    values = [int(digit) for digit in reversed(digits)]
    return (sum(values[::2]) + sum(_LUHN_DOUBLED[value] for value in values[1::2])) % 10 == 0


def iban(text: str) -> bool:
    """Return whether the remainder by 97 is 1 (ISO 13616, ISO/IEC 7064 MOD 97-10); letters count from A = 10."""
    return int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97 == 1


def es_nif(text: str) -> bool:
    """Return whether the letter of a Spanish DNI or NIE fits its number (Ministerio del Interior: remainder by 23)."""
    number = text[:-1].translate(str.maketrans("XYZ", "012"))
    return text[-1] == _NIF[int(number) % 23]


def fr_nir(text: str) -> bool:
    """Return whether the key of a French social security number is 97 - number mod 97 (INSEE; Corsica: 2A is 19, 2B is 18)."""
    number = text[:13].replace("2A", "19").replace("2B", "18")
    return number.isdigit() and 97 - int(number) % 97 == int(text[13:])


def br_cpf(digits: str) -> bool:
    """Return whether both check digits of a Brazilian CPF fit (Receita Federal: weighted sums by 11); one digit repeated is none."""
    values = [int(digit) for digit in digits]
    if len(set(values)) == 1:
        return False
    return all(values[at] == sum(value * (at + 1 - place) for place, value in enumerate(values[:at])) * 10 % 11 % 10 for at in (9, 10))


def it_codice_fiscale(text: str) -> bool:
    """Return whether the last letter of an Italian codice fiscale fits the others (decreto ministeriale 23/12/1976)."""
    odd = sum(_CODICE_FISCALE_ODD[character] for character in text[:15:2])
    even = sum(_CODICE_FISCALE_EVEN[character] for character in text[1:15:2])
    return chr(ord("A") + (odd + even) % 26) == text[15]
