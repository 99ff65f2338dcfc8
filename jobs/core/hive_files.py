"""Where the HQL and contract files are: in a checkout, and in an installed package."""

from pathlib import Path

from jobs.core.settings import PROJECT


def hive_folder() -> Path:
    """Folder of the files `<stage>/<table>.hql` and `<stage>/<table>.toml`.

    A wheel carries them inside the package; a checkout and the images keep them beside it.
    """
    packaged = PROJECT / "jobs/hive"
    return packaged if packaged.is_dir() else PROJECT / "hive"
