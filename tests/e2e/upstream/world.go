package upstream

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/tools/cache"
)

const group = "gateway.networking.k8s.io"

func resource(group, version, name string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: group, Version: version, Resource: name}
}

var (
	pods           = resource("", "v1", "pods")
	endpointSlices = resource("discovery.k8s.io", "v1", "endpointslices")
)

// Whose status is written, and what else edgewalk reads.
var (
	written = map[string]schema.GroupVersionResource{
		"GatewayClass":     resource(group, "v1", "gatewayclasses"),
		"Gateway":          resource(group, "v1", "gateways"),
		"ListenerSet":      resource(group, "v1", "listenersets"),
		"HTTPRoute":        resource(group, "v1", "httproutes"),
		"GRPCRoute":        resource(group, "v1", "grpcroutes"),
		"TLSRoute":         resource(group, "v1", "tlsroutes"),
		"TCPRoute":         resource(group, "v1", "tcproutes"),
		"UDPRoute":         resource(group, "v1", "udproutes"),
		"BackendTLSPolicy": resource(group, "v1", "backendtlspolicies"),
	}
	read = []schema.GroupVersionResource{
		resource(group, "v1", "referencegrants"),
		resource("", "v1", "services"),
		resource("", "v1", "secrets"),
		resource("", "v1", "configmaps"),
		resource("", "v1", "namespaces"),
		endpointSlices,
	}
)

// World is the cluster as it was last seen, in a file for edgewalk too.
type World struct {
	program, file string
	stores        map[schema.GroupVersionResource]cache.GenericLister
	changed       chan struct{}

	mutex     sync.Mutex
	addresses map[string]string    // of Gateways: "ns/name" to address
	decisions map[string]*Decision // of requests, while the world stays as it is
	text      string
	objects   []*unstructured.Unstructured
}

// NewWorld watches the cluster until the context ends.
func NewWorld(ctx context.Context, client dynamic.Interface, program, file string) *World {
	w := &World{
		program: program, file: file,
		stores:    map[schema.GroupVersionResource]cache.GenericLister{},
		changed:   make(chan struct{}, 1),
		addresses: map[string]string{},
	}
	factory := dynamicinformer.NewDynamicSharedInformerFactory(client, 0)
	wake := func(any) {
		select {
		case w.changed <- struct{}{}:
		default:
		}
	}
	all := append([]schema.GroupVersionResource{pods}, read...)
	for _, one := range written {
		all = append(all, one)
	}
	for _, one := range all {
		informer := factory.ForResource(one)
		w.stores[one] = informer.Lister()
		_, err := informer.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc: wake, UpdateFunc: func(_, now any) { wake(now) }, DeleteFunc: wake,
		})
		if err != nil {
			panic(err)
		}
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	return w
}

func (w *World) list(of schema.GroupVersionResource) []*unstructured.Unstructured {
	found, err := w.stores[of].List(labels.Everything())
	if err != nil {
		panic(err)
	}
	var out []*unstructured.Unstructured
	for _, one := range found {
		object := one.(*unstructured.Unstructured)
		if space := object.GetNamespace(); space != "default" && !strings.HasPrefix(space, "kube-") {
			out = append(out, object)
		}
	}
	slices.SortFunc(out, func(a, b *unstructured.Unstructured) int {
		return strings.Compare(key(a), key(b))
	})
	return out
}

func key(object *unstructured.Unstructured) string {
	return object.GetKind() + "/" + object.GetNamespace() + "/" + object.GetName()
}

// bare is an object as its author wrote it. The features of a GatewayClass stay: edgewalk reads them.
func bare(object *unstructured.Unstructured) map[string]any {
	out := object.DeepCopy()
	out.SetManagedFields(nil)
	out.SetResourceVersion("")
	if out.GetKind() != "GatewayClass" {
		delete(out.Object, "status")
	}
	return out.Object
}

// Look takes the cluster as it is now; false: nothing that edgewalk reads has changed.
func (w *World) Look() (bool, error) {
	var objects []*unstructured.Unstructured
	for _, of := range written {
		objects = append(objects, w.list(of)...)
	}
	for _, of := range read {
		objects = append(objects, w.list(of)...)
	}
	slices.SortFunc(objects, func(a, b *unstructured.Unstructured) int {
		return strings.Compare(key(a), key(b))
	})
	items := make([]any, len(objects))
	for i, object := range objects {
		items[i] = bare(object)
	}
	text, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": items})
	if err != nil {
		return false, err
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.objects = objects
	if string(text) == w.text {
		return false, nil
	}
	if err := os.WriteFile(w.file+".new", text, 0o600); err != nil {
		return false, err
	}
	w.text = string(text)
	w.decisions = map[string]*Decision{}
	return true, os.Rename(w.file+".new", w.file)
}

// Find gives the object of that key as it was last seen; nil: there is none.
func (w *World) Find(wanted string) *unstructured.Unstructured {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	at, there := slices.BinarySearchFunc(w.objects, wanted,
		func(object *unstructured.Unstructured, wanted string) int {
			return strings.Compare(key(object), wanted)
		})
	if !there {
		return nil
	}
	return w.objects[at]
}

// secretData is what a Secret, "ns/name", has under that name; nil: nothing.
func (w *World) secretData(secret, name string) []byte {
	object := w.Find("Secret/" + secret)
	if object == nil {
		return nil
	}
	data, _, _ := unstructured.NestedString(object.Object, "data", name)
	out, _ := base64.StdEncoding.DecodeString(data)
	return out
}

// Address gives a Gateway its own, from the loopback network.
func (w *World) Address(gateway string) string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if _, there := w.addresses[gateway]; !there {
		n := len(w.addresses) + 1
		w.addresses[gateway] = fmt.Sprintf("127.64.%d.%d", n/250, n%250+1)
	}
	return w.addresses[gateway]
}

func (w *World) gatewayAt(address string) (string, error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for gateway, own := range w.addresses {
		if own == address {
			return gateway, nil
		}
	}
	return "", fmt.Errorf("no Gateway has the address %s", address)
}

// Decide asks what becomes of a request at the Gateway of that address.
func (w *World) Decide(address string, args ...string) (*Decision, error) {
	gateway, err := w.gatewayAt(address)
	if err != nil {
		return nil, err
	}
	args = append([]string{"route", "-f", w.file, "--gateway", gateway}, args...)
	question := strings.Join(args, "\x00")
	w.mutex.Lock()
	known, about := w.decisions[question], w.decisions
	w.mutex.Unlock()
	if known != nil {
		return known, nil
	}
	var answer struct{ Decision Decision }
	if err := ask(w.program, &answer, args...); err != nil {
		return nil, err
	}
	w.mutex.Lock()
	about[question] = &answer.Decision
	w.mutex.Unlock()
	return &answer.Decision, nil
}

// Pod gives a pod behind a Service, by its EndpointSlices; nil: there is none.
func (w *World) Pod(namespace, service string) *unstructured.Unstructured {
	for _, slice := range w.list(endpointSlices) {
		if slice.GetNamespace() != namespace ||
			slice.GetLabels()["kubernetes.io/service-name"] != service {
			continue
		}
		endpoints, _, _ := unstructured.NestedSlice(slice.Object, "endpoints")
		for _, one := range endpoints {
			name, _, _ := unstructured.NestedString(one.(map[string]any), "targetRef", "name")
			pod, err := w.stores[pods].ByNamespace(namespace).Get(name)
			if err == nil {
				return pod.(*unstructured.Unstructured)
			}
		}
	}
	return nil
}

// settle waits for a change, and a little for those that come with it.
func (w *World) settle(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-w.changed:
		time.Sleep(50 * time.Millisecond)
		return true
	}
}
