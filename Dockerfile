# The bot: web, telegram and worker run from this one image. Build context: the repository.
FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --create-home --home-dir /srv/komekshi komekshi
WORKDIR /srv/komekshi
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes --no-deps --compile -r requirements.txt
COPY text text
COPY appeals appeals
COPY faq faq
COPY dialogs dialogs
COPY integrations integrations
COPY bot bot
COPY locales locales
RUN mkdir var && chown komekshi var
USER komekshi
EXPOSE 8080
CMD ["python", "-m", "bot", "web"]
