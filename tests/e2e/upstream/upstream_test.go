package upstream

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/gateway-api/conformance"
	"sigs.k8s.io/gateway-api/conformance/utils/suite"
	"sigs.k8s.io/gateway-api/pkg/features"
)

const className = "gateway-conformance"

// TestUpstream runs the suite against edgewalk: EDGEWALK names the program, KUBECONFIG the cluster,
// and SKIP the tests that are left out.
func TestUpstream(t *testing.T) {
	options := conformance.DefaultOptions(t)
	config := rest.CopyConfig(options.RestConfig)
	config.QPS, config.Burst = 1000, 1000
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	// The suite's tests go on in parallel after this function: the controller ends with them.
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	class := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": group + "/v1", "kind": "GatewayClass",
		"metadata": map[string]any{"name": className},
		"spec":     map[string]any{"controllerName": controllerName},
	}}
	if _, err := client.Resource(written["GatewayClass"]).
		Create(ctx, class, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(os.TempDir(), "world.json")
	world := NewWorld(ctx, client, os.Getenv("EDGEWALK"), file)
	go Control(ctx, client, world, &Streams{World: world})

	options.GatewayClassName = className
	options.EnableAllSupportedFeatures = true
	for _, one := range features.AllFeatures.UnsortedList() {
		if isMesh(one.Name) {
			options.ExemptFeatures = append(options.ExemptFeatures, one.Name)
		}
	}
	options.SkipTests = strings.Fields(os.Getenv("SKIP"))
	options.RoundTripper = HTTP{world}
	options.GRPCClient = GRPC{world}
	options.CleanupBaseResources = false
	hasten(&options)
	conformance.RunConformanceWithOptions(t, options)
}

// hasten sets times for a controller that needs no more than moments: what fails fails soon.
func hasten(options *suite.ConformanceOptions) {
	const soon = 10 * time.Second
	times := &options.TimeoutConfig
	for _, one := range []*time.Duration{
		&times.GatewayMustHaveAddress, &times.GatewayMustHaveCondition,
		&times.GatewayStatusMustHaveListeners, &times.GatewayListenersMustHaveConditions,
		&times.ListenerSetMustHaveCondition, &times.ListenerSetListenersMustHaveConditions,
		&times.HTTPRouteMustNotHaveParents, &times.HTTPRouteMustHaveCondition,
		&times.TLSRouteMustHaveCondition, &times.TCPRouteMustHaveCondition,
		&times.UDPRouteMustHaveCondition, &times.RouteMustHaveParents,
		&times.LatestObservedGenerationSet, &times.DefaultTestTimeout,
		&times.MaxTimeToConsistency,
	} {
		*one = soon
	}
	times.RequiredConsecutiveSuccesses = 1
}
