"""The sources of the methods paragraph, those of docs/methods.md."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

REFERENCES: Final = MappingProxyType(
    {
        "amico": "Kleinbub, J. R., Talia, A., & Palmieri, A. (2020). doi:10.1037/cou0000383",
        "andrzejak": "Andrzejak, R. G., Kraskov, A., Stögbauer, H., Mormann, F., & Kreuz, T. (2003). "
        "doi:10.1103/PhysRevE.68.066202",
        "benjamini": "Benjamini, Y., & Hochberg, Y. (1995). doi:10.1111/j.2517-6161.1995.tb02031.x",
        "berntson": "Berntson, G. G., Cacioppo, J. T., & Quigley, K. S. (1991). doi:10.1037/0033-295X.98.4.459",
        "boker": "Boker, S. M., Xu, M., Rotondo, J. L., & King, K. (2002). doi:10.1037/1082-989X.7.3.338",
        "boucsein": "Boucsein, W. (2012). Electrodermal Activity, 2nd ed. doi:10.1007/978-1-4614-1126-0",
        "grinsted": "Grinsted, A., Moore, J. C., & Jevrejeva, S. (2004). doi:10.5194/npg-11-561-2004",
        "kaplan": "Kaplan, E. L., & Meier, P. (1958). doi:10.1080/01621459.1958.10501452",
        "kleckner": "Kleckner, I. R., et al. (2018). doi:10.1109/TBME.2017.2758643",
        "kunsch": "Künsch, H. R. (1989). doi:10.1214/aos/1176347265",
        "lipponen": "Lipponen, J. A., & Tarvainen, M. P. (2019). doi:10.1080/03091902.2019.1640306",
        "makowski": "Makowski, D., et al. (2021). NeuroKit2. doi:10.3758/s13428-020-01516-y",
        "marci": "Marci, C. D., Ham, J., Moran, E., & Orr, S. P. (2007). doi:10.1097/01.nmd.0000253731.71025.fc",
        "moulder": "Moulder, R. G., Boker, S. M., Ramseyer, F., & Tschacher, W. (2018). doi:10.1037/met0000172",
        "munoz": "Munoz, M. L., et al. (2015). doi:10.1371/journal.pone.0138921",
        "phipson": "Phipson, B., & Smyth, G. K. (2010). doi:10.2202/1544-6115.1585",
        "podolan": "Podolan, M., & Gelo, O. C. G. (2024). doi:10.36131/cnfioritieditore20240505",
        "rmea": "Kleinbub, J. R., & Ramseyer, F. T. (2021). rMEA. doi:10.1080/10503307.2020.1844334",
        "sokal": "Sokal, A. (1997). doi:10.1007/978-1-4899-0319-8_6",
        "spr": "Society for Psychophysiological Research Ad Hoc Committee on Electrodermal Measures (2012). "
        "doi:10.1111/j.1469-8986.2012.01384.x",
        "task_force": "Task Force of the European Society of Cardiology and the North American Society of Pacing and "
        "Electrophysiology (1996). Circulation 93, 1043–1065. doi:10.1161/01.CIR.93.5.1043",
        "tschacher": "Tschacher, W., & Meier, D. (2020). doi:10.1080/10503307.2019.1612114",
        "zhao": "Zhao, Z., & Zhang, Y. (2018). doi:10.3389/fphys.2018.00727",
    }
)
"""Key to reference, in the order of the alphabet of their first author once sorted."""

OF_METHOD: Final = MappingProxyType(
    {
        "susy": ("tschacher",),
        "suco": ("tschacher",),
        "marci": ("marci",),
        "windowed": ("boker",),
        "rmea": ("rmea",),
        "coherence": ("grinsted", "andrzejak"),
        "amico_v1": ("amico",),
        "amico_v2": ("amico",),
        "moments": ("boker", "benjamini"),
    }
)
"""Method of the settings to the keys of its sources."""


def reference_lines(keys: Iterable[str]) -> tuple[str, ...]:
    """Return references in the order of the alphabet, each once.

    Parameters
    ----------
    keys : iterable of str
        Keys of `REFERENCES`.

    Returns
    -------
    tuple of str
        One line each.
    """
    return tuple(sorted({REFERENCES[key] for key in keys}, key=str.casefold))
