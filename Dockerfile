FROM python:3.13-slim AS build
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /opt/venv \
    && pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/base.txt
COPY . .
# The settings ask for a key and a database; neither is used here and neither is kept.
RUN SECRET_KEY=for-the-build-only-and-kept-nowhere DATABASE_URL=postgresql:///for-the-build-only \
    python manage.py collectstatic --noinput \
    && python -m compileall -q accounts api config journal notifications ops organize registration schedule values website
# So that no first search for a timetable spends half a minute on compiling.
RUN NUMBA_CACHE_DIR=/opt/numba python -m schedule.solver.warm

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NUMBA_CACHE_DIR=/var/cache/numba \
    PLENARY_STATE=/var/lib/plenary
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin plenary \
    && install --directory --owner plenary --mode 0700 /var/lib/plenary
COPY --from=build /opt/venv /opt/venv
# Owned by root: what runs cannot change its own code.
COPY --from=build /app /app
# Numba reads only a folder that it could write to as well.
COPY --from=build --chown=10001 /opt/numba /var/cache/numba
WORKDIR /app
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-m", "ops.probe", "--path", "/readyz"]
CMD ["python", "-m", "ops.serve", "web", "--host", "0.0.0.0", "--port", "8000"]
