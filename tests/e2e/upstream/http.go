package upstream

import (
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	echo "sigs.k8s.io/gateway-api/conformance/echo-basic/grpcechoserver"
	"sigs.k8s.io/gateway-api/conformance/utils/grpc"
	"sigs.k8s.io/gateway-api/conformance/utils/roundtripper"
)

// HTTP answers the suite's requests as the decision says, without sending anything.
type HTTP struct{ World *World }

// CaptureRoundTrip implements roundtripper.RoundTripper.
func (h HTTP) CaptureRoundTrip(request roundtripper.Request) (
	*roundtripper.CapturedRequest, *roundtripper.CapturedResponse, error,
) {
	address, args, end, err := arguments(&request)
	if err != nil {
		return nil, nil, err
	}
	defer end()
	decision, err := h.World.Decide(address, args...)
	if err != nil {
		return nil, nil, err
	}
	seen := &roundtripper.CapturedRequest{Method: request.Method}
	answer := &roundtripper.CapturedResponse{Protocol: "HTTP/1.1", Headers: http.Header{}}
	switch {
	case decision.Status != nil:
		answer.StatusCode = *decision.Status
	case decision.Outcome == "backend": // behind a TLS or TCP route: the backend's own answer
		answer.StatusCode = http.StatusOK
	default:
		return nil, nil, fmt.Errorf("no answer: %s (%s)", decision.Outcome, decision.Why)
	}
	if decision.Redirect != nil {
		to, err := url.Parse(decision.Redirect.Location)
		if err != nil {
			return nil, nil, err
		}
		answer.RedirectRequest = &roundtripper.RedirectRequest{
			Scheme: to.Scheme, Host: to.Hostname(), Port: to.Port(), Path: to.Path,
		}
	}
	if len(decision.Backends) > 0 {
		answer.StatusCode = http.StatusInternalServerError
		if backend := decision.Backend(); backend != nil {
			answer.StatusCode = http.StatusOK
			h.forward(&request, decision, backend, seen, answer)
		}
	}
	change(answer.Headers, decision.ResponseHeaders.Set, decision.ResponseHeaders.Remove)
	for name, value := range decision.ResponseHeaders.Add {
		http.Header(answer.Headers).Add(name, value)
	}
	return seen, answer, nil
}

// arguments are the request in the words of `edgewalk route`, and the address that it is sent to.
func arguments(request *roundtripper.Request) (string, []string, func(), error) {
	address, port := request.URL.Hostname(), request.URL.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[request.URL.Scheme]
	}
	to := request.URL
	to.Host = address + ":" + port
	host := without(request.Host)
	args := []string{}
	if to.Scheme == "https" && request.ServerName != "" {
		to.Host = request.ServerName + ":" + port
	} else if host != "" {
		to.Host = host + ":" + port
	}
	if request.Host != "" && request.Host != to.Hostname() {
		args = append(args, "-H", "Host: "+request.Host)
	}
	if request.Method != "" {
		args = append(args, "-X", request.Method)
	}
	for name, values := range request.Headers {
		if name != echoHeader && len(values) > 0 {
			args = append(args, "-H", name+": "+values[0])
		}
	}
	certificate, err := certificateFile(request)
	if certificate != "" {
		args = append(args, "--cert", certificate)
	}
	return address, append(args, to.String()), func() { os.Remove(certificate) }, err
}

func without(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return hostport
}

// certificateFile holds what the client would present; "": nothing.
func certificateFile(request *roundtripper.Request) (string, error) {
	if request.GetClientCertificateHook == nil {
		return "", nil
	}
	certificate, err := request.GetClientCertificateHook(&tls.CertificateRequestInfo{})
	if err != nil || len(certificate.Certificate) == 0 {
		return "", err
	}
	file, err := os.CreateTemp("", "client-*.pem")
	if err != nil {
		return "", err
	}
	defer file.Close()
	for _, one := range certificate.Certificate {
		if err := pem.Encode(file, &pem.Block{Type: "CERTIFICATE", Bytes: one}); err != nil {
			return "", err
		}
	}
	return file.Name(), nil
}

// The suite's echo server answers with the headers that this one lists.
const echoHeader = "X-Echo-Set-Header"

// forward is the request as the suite's echo server would see it at the backend, and its answer.
func (h HTTP) forward(request *roundtripper.Request, decision *Decision, backend *Backend,
	seen *roundtripper.CapturedRequest, answer *roundtripper.CapturedResponse,
) {
	seen.Host, seen.Path = decision.Forwarded.Host, decision.Forwarded.Path
	if seen.Host == "" {
		seen.Host = request.Host
	}
	if strings.HasPrefix(request.Host, seen.Host+":") {
		seen.Host = request.Host
	}
	if request.URL.RawQuery != "" && !strings.Contains(seen.Path, "?") {
		seen.Path += "?" + request.URL.RawQuery
	}
	headers := http.Header{}
	for name, values := range request.Headers {
		headers[name] = values
	}
	change(headers, decision.Forwarded.Headers.Headers, decision.Forwarded.RemovedHeaders)
	change(headers, backend.Forwarded.Headers, backend.Forwarded.RemovedHeaders)
	seen.Headers = headers
	seen.Namespace, seen.Pod = backend.Namespace, h.World.podName(backend)
	if backend.TLS != nil {
		seen.TLS.ServerName = backend.TLS.SNI
		if chain := h.World.secretData(backend.TLS.ClientCert, "tls.crt"); chain != nil {
			seen.TLS.PeerCertificates = []string{string(chain)}
		}
	}
	for _, pair := range strings.Split(strings.Join(request.Headers[echoHeader], ","), ",") {
		if name, value, found := strings.Cut(pair, ":"); found {
			http.Header(answer.Headers).Set(name, strings.TrimSpace(value))
		}
	}
}

func (w *World) podName(backend *Backend) string {
	if pod := w.Pod(backend.Namespace, backend.Name); pod != nil {
		return pod.GetName()
	}
	return backend.Name + "-0-0"
}

func change(headers map[string][]string, set map[string]string, remove []string) {
	drop := func(name string) {
		for have := range headers {
			if strings.EqualFold(have, name) {
				delete(headers, have)
			}
		}
	}
	for name, value := range set {
		drop(name)
		headers[textproto.CanonicalMIMEHeaderKey(name)] = []string{value}
	}
	for _, name := range remove {
		drop(name)
	}
}

// ---- gRPC ----

// GRPC does the same for gRPC calls.
type GRPC struct{ World *World }

// Close implements grpc.Client.
func (GRPC) Close() {}

// SendRPC implements grpc.Client.
func (g GRPC) SendRPC(_ *testing.T, address string, call grpc.ExpectedResponse, _ time.Duration) (
	*grpc.Response, error,
) {
	const service = "/gateway_api_conformance.echo_basic.grpcecho.GrpcEcho/"
	response := &grpc.Response{Headers: &metadata.MD{}, Trailers: &metadata.MD{}}
	method := service + methodOf(&call)
	to, port, err := net.SplitHostPort(address)
	if err != nil {
		return response, err
	}
	host, args, sent := to, []string{}, metadata.MD{}
	if call.RequestMetadata != nil {
		sent = metadata.New(call.RequestMetadata.Metadata)
		for name, value := range call.RequestMetadata.Metadata {
			args = append(args, "-H", name+": "+value)
		}
		if call.RequestMetadata.Authority != "" {
			host = without(call.RequestMetadata.Authority)
		}
	}
	decision, err := g.World.Decide(to, append(args, "grpc+http://"+host+":"+port+method)...)
	if err != nil {
		return response, err
	}
	backend := decision.Backend()
	if backend == nil {
		if decision.GRPCStatus == nil {
			return response, fmt.Errorf("no answer: %s (%s)", decision.Outcome, decision.Why)
		}
		response.Code = codes.Code(*decision.GRPCStatus)
		return response, nil
	}
	response.Response = &echo.EchoResponse{Assertions: &echo.Assertions{
		FullyQualifiedMethod: method, Authority: host, Headers: echoed(sent),
		Context: &echo.Context{Namespace: backend.Namespace, Pod: g.World.podName(backend)},
	}}
	return response, nil
}

func methodOf(call *grpc.ExpectedResponse) string {
	switch {
	case call.EchoRequest != nil:
		return "Echo"
	case call.EchoTwoRequest != nil:
		return "EchoTwo"
	}
	return "EchoThree"
}

func echoed(sent metadata.MD) []*echo.Header {
	var out []*echo.Header
	for name, values := range sent {
		out = append(out, &echo.Header{Key: name, Value: values[0]})
	}
	return out
}
