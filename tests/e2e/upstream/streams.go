package upstream

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/gateway-api/conformance/echo-basic/tcpserver"
	"sigs.k8s.io/gateway-api/conformance/echo-basic/udpechoserver"
)

// Streams listens where listeners of TCP, TLS and UDP say, and serves what the suite's echo servers
// serve behind them.
type Streams struct {
	World *World

	mutex sync.Mutex
	open  map[endpoint]interface{ Close() error }
}

type endpoint struct {
	protocol, address string
	port              int64
}

func (e endpoint) String() string { return fmt.Sprintf("%s:%d", e.address, e.port) }

// Listen opens what the world asks for now, and closes what it asks for no longer.
func (s *Streams) Listen() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	wanted := s.wanted()
	for one, listener := range s.open {
		if !wanted[one] {
			listener.Close()
			delete(s.open, one)
		}
	}
	if s.open == nil {
		s.open = map[endpoint]interface{ Close() error }{}
	}
	for one := range wanted {
		if s.open[one] != nil {
			continue
		}
		listener, err := s.start(one)
		if err != nil {
			log.Print(one.protocol, " at ", one, ": ", err)
			continue
		}
		s.open[one] = listener
	}
}

func (s *Streams) wanted() map[endpoint]bool {
	out := map[endpoint]bool{}
	for _, kind := range []string{"Gateway", "ListenerSet"} {
		for _, owner := range s.World.list(written[kind]) {
			gateway := owner.GetNamespace() + "/" + owner.GetName()
			if kind == "ListenerSet" {
				parent, _, _ := unstructured.NestedMap(owner.Object, "spec", "parentRef")
				gateway = text(parent, "namespace", owner.GetNamespace()) + "/" +
					text(parent, "name", "")
			}
			listeners, _, _ := unstructured.NestedSlice(owner.Object, "spec", "listeners")
			for _, one := range listeners {
				listener := one.(map[string]any)
				port, _ := listener["port"].(int64)
				switch protocol := text(listener, "protocol", ""); protocol {
				case "TCP", "TLS", "UDP":
					out[endpoint{protocol, s.World.Address(gateway), port}] = true
				}
			}
		}
	}
	return out
}

func text(object map[string]any, field, otherwise string) string {
	if value, _ := object[field].(string); value != "" {
		return value
	}
	return otherwise
}

func (s *Streams) start(at endpoint) (interface{ Close() error }, error) {
	if at.protocol == "UDP" {
		socket, err := net.ListenPacket("udp", at.String())
		if err == nil {
			go s.datagrams(at, socket)
		}
		return socket, err
	}
	listener, err := net.Listen("tcp", at.String())
	if err == nil {
		go s.connections(at, listener)
	}
	return listener, err
}

func (s *Streams) connections(at endpoint, listener net.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer connection.Close()
			if at.protocol == "TLS" {
				s.secure(at, connection)
			} else if backend := s.backend(at, "tcp://"+at.String()); backend != nil {
				s.echo(connection, backend, nil)
			}
		}()
	}
}

// backend is the one that the request goes to; nil: none.
func (s *Streams) backend(at endpoint, url string) *Backend {
	decision, err := s.World.Decide(at.address, url)
	if err != nil {
		log.Print(err)
		return nil
	}
	return decision.Backend()
}

// ---- TLS ----

var errRefused = errors.New("refused")

// secure ends TLS as the listener would, or as the backend behind one that passes it on would.
func (s *Streams) secure(at endpoint, connection net.Conn) {
	var backend *Backend
	passed := false
	secured := tls.Server(connection, &tls.Config{
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			name := hello.ServerName
			if name == "" {
				name = at.address
			}
			url := fmt.Sprintf("tls://%s:%d", name, at.port)
			decision, err := s.World.Decide(at.address, url)
			if err == nil {
				backend = decision.Backend()
			}
			if backend == nil {
				connection.Close() // before an alert goes out: the suite wants to see an end
				return nil, errRefused
			}
			secret := s.secretBehind(backend)
			if passed = decision.Certificate == nil; !passed {
				secret = decision.Certificate.Secret
			}
			certificate, err := tls.X509KeyPair(s.World.secretData(secret, "tls.crt"),
				s.World.secretData(secret, "tls.key"))
			return &tls.Config{Certificates: []tls.Certificate{certificate}}, err
		},
	})
	if err := secured.Handshake(); err != nil {
		return
	}
	state := secured.ConnectionState()
	if !passed {
		s.echo(secured, backend, nil)
		return
	}
	s.echo(secured, backend, &tcpserver.TLSAssertions{
		ServerName: state.ServerName, NegotiatedProtocol: state.NegotiatedProtocol,
		Version: tls.VersionName(state.Version), CipherSuite: tls.CipherSuiteName(state.CipherSuite),
	})
}

// secretBehind is the Secret, "ns/name", that the pods of a backend mount.
func (s *Streams) secretBehind(backend *Backend) string {
	pod := s.World.Pod(backend.Namespace, backend.Name)
	if pod == nil {
		return ""
	}
	volumes, _, _ := unstructured.NestedSlice(pod.Object, "spec", "volumes")
	for _, one := range volumes {
		if name, found, _ := unstructured.NestedString(one.(map[string]any), "secret", "secretName"); found {
			return backend.Namespace + "/" + name
		}
	}
	return ""
}

// ---- the suite's echo servers ----

func (s *Streams) echo(connection net.Conn, backend *Backend, secured *tcpserver.TLSAssertions) {
	fmt.Fprint(connection, tcpserver.WelcomeMessage)
	lines := bufio.NewScanner(connection)
	for lines.Scan() {
		switch lines.Text() {
		case "PING":
			fmt.Fprintln(connection, "PONG")
		case "IS_TLS":
			fmt.Fprintln(connection, secured != nil)
		case "TEST":
			_ = json.NewEncoder(connection).Encode(tcpserver.TCPAssertions{
				Context: tcpserver.Context{
					Namespace: backend.Namespace, Pod: s.World.podName(backend),
				},
				IsTLS: secured != nil, TLSAssertion: secured,
			})
		}
	}
}

func (s *Streams) datagrams(at endpoint, socket net.PacketConn) {
	buffer := make([]byte, 65536)
	for {
		length, client, err := socket.ReadFrom(buffer)
		if err != nil {
			return
		}
		request := bytes.Clone(buffer[:length])
		go func() {
			backend := s.backend(at, "udp://"+at.String())
			if backend == nil {
				return
			}
			_, _ = socket.WriteTo(s.answer(backend, request), client)
		}()
	}
}

func (s *Streams) answer(backend *Backend, request []byte) []byte {
	service := s.serviceName(backend)
	if service == "" && len(request) > 2 { // no echo server: CoreDNS, which has no records
		request[2] |= 0x80 // QR: the question as an answer
		return request
	}
	answer, _ := json.Marshal(udpechoserver.EchoResponse{
		Request: string(request),
		Context: udpechoserver.Context{
			Namespace: backend.Namespace, Pod: s.World.podName(backend), Service: service,
		},
	})
	return answer
}

// serviceName is what the pods of a backend take for their Service's.
func (s *Streams) serviceName(backend *Backend) string {
	pod := s.World.Pod(backend.Namespace, backend.Name)
	if pod == nil {
		return ""
	}
	containers, _, _ := unstructured.NestedSlice(pod.Object, "spec", "containers")
	for _, container := range containers {
		variables, _, _ := unstructured.NestedSlice(container.(map[string]any), "env")
		for _, one := range variables {
			variable := one.(map[string]any)
			if strings.EqualFold(text(variable, "name", ""), "SERVICE_NAME") {
				return text(variable, "value", "")
			}
		}
	}
	return ""
}
