dist_doc_DATA = doc/controllers.md doc/edgewalk.walk.v1.schema.json doc/edgewalk.route.v1.schema.json \
	doc/edgewalk.check.v1.schema.json doc/scenario-format.md

# The runbook: one page, an anchor per cause and per layer, from the same table as `edgewalk explain`.
nodist_doc_DATA = doc/runbook.html
CLEANFILES += doc/runbook.html
doc/runbook.html: src/cli/tables$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) doc && ./src/cli/tables$(EXEEXT) runbook > $@.tmp && mv $@.tmp $@
