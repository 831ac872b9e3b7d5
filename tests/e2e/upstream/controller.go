package upstream

import (
	"context"
	"encoding/json"
	"log"
	"slices"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/gateway-api/pkg/features"
)

const controllerName = "example.com/edgewalk"

// Control writes status as edgewalk expects it, until the context ends.
func Control(ctx context.Context, client dynamic.Interface, w *World, plane *Streams) {
	current := false
	for w.settle(ctx) {
		changed, err := w.Look()
		if err != nil {
			log.Print("the world: ", err)
			return
		}
		if changed || !current {
			plane.Listen()
			current = writeAll(ctx, client, w)
		}
	}
}

// writeAll says whether every status is as it should be.
func writeAll(ctx context.Context, client dynamic.Interface, w *World) bool {
	var answer struct{ Objects []Checked }
	if err := ask(w.program, &answer, "check", "-f", w.file, "-A"); err != nil {
		log.Print(err)
		return false
	}
	whole := true
	for i := range answer.Objects {
		one := &answer.Objects[i]
		object := w.Find(one.Kind + "/" + one.Namespace + "/" + one.Name)
		if object == nil || written[one.Kind].Resource == "" {
			continue
		}
		if err := write(ctx, client, object, statusOf(w, one, object)); err != nil {
			if !apierrors.IsConflict(err) && !apierrors.IsNotFound(err) && ctx.Err() == nil {
				log.Print("status of ", key(object), ": ", err)
			}
			whole = false
		}
	}
	return whole
}

func write(ctx context.Context, client dynamic.Interface, object *unstructured.Unstructured,
	status map[string]any,
) error {
	if timeless(status) == timeless(object.Object["status"]) {
		return nil
	}
	object = object.DeepCopy()
	object.Object["status"] = status
	_, err := client.Resource(written[object.GetKind()]).Namespace(object.GetNamespace()).
		UpdateStatus(ctx, object, metav1.UpdateOptions{})
	return err
}

// timeless is a status as text, without the times of its conditions.
func timeless(status any) string {
	text, _ := json.Marshal(status)
	var copied any
	_ = json.Unmarshal(text, &copied)
	forget(copied)
	text, _ = json.Marshal(copied)
	return string(text)
}

func forget(value any) {
	switch value := value.(type) {
	case map[string]any:
		delete(value, "lastTransitionTime")
		for _, one := range value {
			forget(one)
		}
	case []any:
		for _, one := range value {
			forget(one)
		}
	}
}

// ---- status out of an answer ----

func statusOf(w *World, one *Checked, object *unstructured.Unstructured) map[string]any {
	generation := object.GetGeneration()
	switch one.Kind {
	case "GatewayClass":
		return map[string]any{
			"conditions":        conditions(one.Conditions, generation),
			"supportedFeatures": supportedFeatures(),
		}
	case "Gateway", "ListenerSet":
		status := map[string]any{
			"conditions": conditions(one.Conditions, generation),
			"listeners":  listeners(one.Listeners, generation),
		}
		if one.Kind == "Gateway" {
			address := w.Address(object.GetNamespace() + "/" + object.GetName())
			status["addresses"] = []any{map[string]any{"type": "IPAddress", "value": address}}
			if n := one.AttachedListenerSets.Expected; n != nil {
				status["attachedListenerSets"] = *n
			}
		}
		return status
	case "BackendTLSPolicy":
		return map[string]any{"ancestors": parents("ancestorRef", one.Ancestors, generation)}
	}
	return map[string]any{"parents": parents("parentRef", one.Parents, generation)}
}

func conditions(expected []Condition, generation int64) []any {
	out := []any{}
	for _, one := range expected {
		reason, message := one.Expected.Reason, one.Why
		if reason == "" { // any is as good
			reason = one.Type
		}
		if message == "" {
			message = "as expected"
		}
		out = append(out, map[string]any{
			"type": one.Type, "status": one.Expected.Status, "reason": reason, "message": message,
			"observedGeneration": generation,
			"lastTransitionTime": metav1.Now().UTC().Format(time.RFC3339),
		})
	}
	return out
}

func listeners(expected []Listener, generation int64) []any {
	out := []any{}
	for _, one := range expected {
		kinds := []any{}
		for _, kind := range one.SupportedKinds {
			kinds = append(kinds, map[string]any{"group": kind["group"], "kind": kind["kind"]})
		}
		count := int64(0)
		if one.AttachedRoutes.Expected != nil {
			count = *one.AttachedRoutes.Expected
		}
		out = append(out, map[string]any{
			"name": one.Name, "attachedRoutes": count, "supportedKinds": kinds,
			"conditions": conditions(one.Conditions, generation),
		})
	}
	return out
}

func parents(field string, expected []Parent, generation int64) []any {
	out := []any{}
	for _, one := range expected {
		rows := conditions(one.Conditions, generation)
		if len(rows) == 0 { // not of a Gateway: nothing is said
			continue
		}
		ref := map[string]any{"group": group, "kind": one.Kind, "name": one.Name}
		if one.Namespace != "" {
			ref["namespace"] = one.Namespace
		}
		if one.SectionName != "" {
			ref["sectionName"] = one.SectionName
		}
		if one.Port != nil {
			ref["port"] = *one.Port
		}
		out = append(out, map[string]any{
			field: ref, "controllerName": controllerName, "conditions": rows,
		})
	}
	return out
}

// Features are all but those of meshes, which edgewalk does not judge.
func Features() []string {
	var out []string
	for _, one := range features.AllFeatures.UnsortedList() {
		if !isMesh(one.Name) {
			out = append(out, string(one.Name))
		}
	}
	slices.Sort(out)
	return out
}

func supportedFeatures() []any {
	out := []any{}
	for _, name := range Features() {
		out = append(out, map[string]any{"name": name})
	}
	return out
}

func isMesh(name features.FeatureName) bool { return strings.HasPrefix(string(name), "Mesh") }
