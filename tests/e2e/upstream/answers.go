// Package upstream plays an implementation of Gateway API under the conformance suite of its
// authors: what `edgewalk check` expects becomes the status, and what `edgewalk route` decides becomes
// the answer to a request. See README.md beside tests/e2e.
package upstream

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"os/exec"
)

// Condition is a condition that a conformant controller sets.
type Condition struct {
	Type, Why string
	Expected  struct {
		Status, Reason string
	}
}

// Count is {"expected": 2}; null where it is not known.
type Count struct {
	Expected *int64
}

// Parent is a parentRef of a route or an ancestor of a policy.
type Parent struct {
	Kind, Namespace, Name, SectionName string
	Port                               *int64
	Conditions                         []Condition
}

// Listener is what a Gateway or ListenerSet says of one.
type Listener struct {
	Name           string
	AttachedRoutes Count
	SupportedKinds []map[string]string
	Conditions     []Condition
}

// Checked is one object in the answer of `edgewalk check`.
type Checked struct {
	Kind, Namespace, Name string
	Conditions            []Condition
	AttachedListenerSets  Count
	Listeners             []Listener
	Parents, Ancestors    []Parent
}

// Headers are changes of a message's headers.
type Headers struct {
	Headers        map[string]string
	RemovedHeaders []string `json:"removed_headers"`
}

// Backend is one backendRef of the rule that won.
type Backend struct {
	Namespace, Name string
	Share           float64
	Usable          bool
	Forwarded       Headers
	TLS             *struct {
		SNI        string
		ClientCert string `json:"client_cert"` // "ns/name" of the Secret
	}
}

// Decision is what `edgewalk route` says becomes of a request.
type Decision struct {
	Outcome, Why string
	Status       *int
	GRPCStatus   *uint32 `json:"grpc_status"`
	Backends     []Backend
	Certificate  *struct{ Secret string }
	Redirect     *struct{ Location string }
	Forwarded    struct {
		Headers
		Host, Path string
	}
	ResponseHeaders struct {
		Set, Add map[string]string
		Remove   []string
	} `json:"response_headers"`
}

// Backend draws one by its share; nil: there is none, or the one drawn is not usable.
func (d *Decision) Backend() *Backend {
	at := rand.Float64()
	for i := range d.Backends {
		if at -= d.Backends[i].Share; at < 0 {
			if d.Backends[i].Usable {
				return &d.Backends[i]
			}
			return nil
		}
	}
	return nil
}

// ask runs edgewalk and reads its answer. Its exit status says what the answer says, and is ignored.
func ask(program string, answer any, args ...string) error {
	out, err := exec.Command(program, append(args, "-o", "json")...).Output()
	if len(out) == 0 {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return fmt.Errorf("edgewalk %v: %s", args, exit.Stderr)
		}
		return err
	}
	return json.Unmarshal(out, answer)
}
