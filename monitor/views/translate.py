"""The language of the windows: Qt translation files beside this module."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

FOLDER = Path(__file__).with_name("translations")
SOURCE_LANGUAGE = "en"
_NAME = "attune-translator"


def languages() -> list[str]:
    """Return the languages there is a file for.

    Returns
    -------
    list of str
        Codes in alphabetical order, with that of the source.
    """
    found = {path.stem.removeprefix("attune_") for path in FOLDER.glob("attune_*.qm")}
    return sorted(found | {SOURCE_LANGUAGE})


def install(application: QCoreApplication, language: str = "") -> str:
    """Let `monitor.views.lines.tr` answer in a language, in place of the one before.

    Widgets that stand already keep their texts.

    Parameters
    ----------
    application : QCoreApplication
        Keeps the translator.
    language : str, default ''
        Code such as ``de`` or ``de_AT``; that of the system when empty.

    Returns
    -------
    str
        Language found: that asked for, else the one without its region, else that of the source.
    """
    for known in application.findChildren(QTranslator, _NAME):
        application.removeTranslator(known)
        known.setObjectName("")
        known.deleteLater()
    wanted = (language or QLocale.system().name()).replace("-", "_")
    for name in dict.fromkeys((wanted, wanted.partition("_")[0].lower())):
        path = FOLDER / f"attune_{name}.qm"
        # A code is no path: one with a separator in it must not reach another file.
        if name not in languages() or name == SOURCE_LANGUAGE or not path.is_file():
            continue
        translator = QTranslator(application)
        translator.setObjectName(_NAME)
        if translator.load(str(path)):
            application.installTranslator(translator)
            return name
        translator.deleteLater()
    return SOURCE_LANGUAGE
