"""Build of the distribution: the runtime, its applications, the migrations and the built HMI."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
DATA = {"migrations": ROOT / "migrations", "_hmi": ROOT / "hmi-react" / "dist", "_config": ROOT / "config"}


class BuildWithData(build_py):
    """Copy the migrations, the sample configuration and the built HMI into the package."""

    def run(self) -> None:
        super().run()
        for name, source in DATA.items():
            target = Path(self.build_lib) / "automation" / name
            shutil.rmtree(target, ignore_errors=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))


setup(
    name="automation-runtime",
    version="0.1.0",
    description="A SCADA runtime: tags, ISA-18.2 alarms, historian, OPC UA, REST and an HMI",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8") if (ROOT / "README.md").exists() else "",
    long_description_content_type="text/markdown",
    license="MIT",
    python_requires=">=3.11",
    packages=find_packages(include=["automation", "automation.*", "apps", "apps.*"]),
    package_data={"automation": ["py.typed"], "": ["*.toml", "*.json", "screens/*.json", "README.md"]},
    cmdclass={"build_py": BuildWithData},
    install_requires=[
        "alembic>=1.16",
        "argon2-cffi>=25.1",
        "asyncua>=2.1,<2.2",
        "cryptography>=45",
        "flask>=3.1",
        "flask-restx>=1.3.2",
        "flask-socketio>=5.7",
        "openpyxl>=3.1.5",
        "orjson>=3.10",
        "paho-mqtt>=2.1",
        "pint>=0.25",
        "prometheus-client>=0.22",
        "psycopg2-binary>=2.9",
        "pydantic>=2.11",
        "pyjwt>=2.10",
        "pymodbus>=3.16.1,<3.17",
        "pymysql>=1.1",
        "rich>=14",
        "simple-websocket>=1.1",
        "sqlalchemy>=2.1,<2.2",
        "typer>=0.20",
        "tzdata>=2025.1",
    ],
    extras_require={
        "analytics": ["pandas>=3", "pyarrow>=22"],
        "dev": [
            "aiosmtpd",
            "build",
            "hypothesis",
            "import-linter>=2",
            "mypy>=1.18",
            "pandas>=3",
            "playwright",
            "pyarrow>=22",
            "pytest>=8",
            "pytest-timeout",
            "python-socketio[client]",
            "requests",
            "ruff>=0.14",
            "schemathesis>=4",
            "setuptools>=77",
            "types-openpyxl",
            "types-PyMySQL",
            "types-requests",
        ],
    },
    entry_points={
        "console_scripts": ["automation = automation.cli:main"],
        "automation.apps": ["demo_plant = apps.demo_plant.manifest:APP"],
        "pytest11": ["automation_testing = automation.testing.plugin"],
    },
)
