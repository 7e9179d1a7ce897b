"""A saved LightGBM booster, read and asked through the library's C interface.

Its Python package brings SciPy and a data-frame layer that a service never uses: they were a fifth of a cold start,
and the package's own checks a third of the time of a single prediction. The bits are the same, for the same compiled
code computes them.
"""

import ctypes
import weakref
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_FLOAT32 = 0
_ROW_MAJOR = 1
_RAW_SCORE, _CONTRIBUTIONS = 1, 3
_ALL_ITERATIONS = -1
_BY_GAIN = 1
_END_OF_TREES = "end of trees"
_FILE_NAMES = ("lib_lightgbm.so", "lib_lightgbm.dylib", "lib_lightgbm.dll")


class SavedBooster:
    """What the text of a LightGBM model computes; may be asked from several threads at once.

    Raises:
        ImportError: the library is not installed.
        ValueError: the text is no model.
    """

    def __init__(self, text: str) -> None:
        # The library crashes the program on a text that breaks off.
        if _END_OF_TREES not in text:
            raise ValueError(f"the text holds no line {_END_OF_TREES!r}")
        self._library = _library()
        self._text = text
        self._handle = ctypes.c_void_p()
        iterations, features = ctypes.c_int(), ctypes.c_int()
        self._call(
            "BoosterLoadModelFromString",
            *(text.encode(), ctypes.byref(iterations), ctypes.byref(self._handle)),
        )
        freed = weakref.finalize(self, self._library.LGBM_BoosterFree, self._handle)
        # Where the program ends, a thread that nobody waits for may still be predicting.
        freed.atexit = False
        self._call("BoosterGetNumFeature", self._handle, ctypes.byref(features))
        self._feature_count = features.value

    def predict(
        self,
        features: NDArray[np.float32],
        *,
        raw_score: bool = False,
        pred_contrib: bool = False,
        num_threads: int = 0,
    ) -> NDArray[np.float64]:
        """Margins (n,) or contributions (n, features + 1) of float32 features (n, features).

        Args:
            raw_score, pred_contrib: which of the two; the names are the Python package's.
            num_threads: 0 takes all there are.
        """
        if raw_score == pred_contrib:
            raise ValueError("either raw_score or pred_contrib")
        if features.ndim != 2 or features.shape[1] != self._feature_count or features.dtype != np.float32:
            wanted = f"float32 of shape (n, {self._feature_count})"
            raise ValueError(f"features must be {wanted}, not {features.dtype} of {features.shape}")
        rows = np.ascontiguousarray(features)
        shape = (len(rows), self._feature_count + 1) if pred_contrib else (len(rows),)
        predicted = np.empty(shape, dtype=np.float64)
        if len(rows) == 0:
            return predicted
        written = ctypes.c_int64()
        self._call(
            "BoosterPredictForMat",
            *(self._handle, ctypes.c_void_p(rows.ctypes.data), _FLOAT32),
            *(ctypes.c_int32(rows.shape[0]), ctypes.c_int32(rows.shape[1]), _ROW_MAJOR),
            *(_CONTRIBUTIONS if pred_contrib else _RAW_SCORE, 0, _ALL_ITERATIONS),
            *(f"num_threads={num_threads}".encode(), ctypes.byref(written)),
            ctypes.c_void_p(predicted.ctypes.data),
        )
        if written.value != predicted.size:
            raise ValueError(f"the model gives {written.value} numbers for {predicted.size}")
        return predicted

    def feature_importance(self, importance_type: str = "gain") -> NDArray[np.float64]:
        """How much splits by each feature reduced the training loss, (features,); no other type is known."""
        if importance_type != "gain":
            raise ValueError(f"{importance_type!r} is not 'gain'")
        gains = np.empty(self._feature_count, dtype=np.float64)
        self._call(
            "BoosterFeatureImportance",
            *(self._handle, _ALL_ITERATIONS, _BY_GAIN, ctypes.c_void_p(gains.ctypes.data)),
        )
        return gains

    def save_model(self, path: Path) -> None:
        """Write the model's text, as it was read."""
        path.write_text(self._text)

    def _call(self, name: str, *arguments: object) -> None:
        if getattr(self._library, f"LGBM_{name}")(*arguments) != 0:
            raise ValueError(self._library.LGBM_GetLastError().decode("utf-8", "replace"))


@cache
def _library() -> ctypes.CDLL:
    found = find_spec("lightgbm")
    if found is None or found.origin is None:
        raise ImportError("No module named 'lightgbm'", name="lightgbm")
    folder = Path(found.origin).parent / "lib"
    path = next((folder / name for name in _FILE_NAMES if (folder / name).exists()), None)
    if path is None:
        raise ImportError(f"{folder} holds no LightGBM library", name="lightgbm")
    library = ctypes.CDLL(str(path))
    library.LGBM_GetLastError.restype = ctypes.c_char_p
    return library
