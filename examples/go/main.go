// Sends a code through the gateway. Standard library only.
//
//	ESKIZ_GATEWAY_KEY=… go run . +998901234567 123456
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"
)

// Message is what the gateway answers with, as far as this program cares.
type Message struct {
	ID     string `json:"id"`
	Status string `json:"status"`
}

// Problem is what it answers with where it refuses a request (RFC 9457).
type Problem struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Gateway is a client of `eskiz serve`.
type Gateway struct {
	URL, Key string
	Client   *http.Client
}

// SendCode hands a code over. The same idempotency key makes a second call with it harmless.
func (g Gateway) SendCode(ctx context.Context, phone, code, idempotencyKey string) (Message, error) {
	body, err := json.Marshal(map[string]string{
		"to": phone, "text": "Sizning tasdiqlash kodingiz: " + code, "lane": "otp",
	})
	if err != nil {
		return Message{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL+"/v1/messages", bytes.NewReader(body))
	if err != nil {
		return Message{}, err
	}
	request.Header.Set("Authorization", "Bearer "+g.Key)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Prefer", "wait=10")
	request.Header.Set("Idempotency-Key", idempotencyKey)
	response, err := g.Client.Do(request)
	if err != nil {
		return Message{}, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusAccepted {
		problem := Problem{Code: response.Status, Detail: "the answer is not the gateway's"}
		// What cannot be read, say a page of a proxy, leaves it as it is.
		_ = json.NewDecoder(response.Body).Decode(&problem)
		return Message{}, fmt.Errorf("%s: %s", problem.Code, problem.Detail)
	}
	var message Message
	if err := json.NewDecoder(response.Body).Decode(&message); err != nil {
		return Message{}, err
	}
	switch message.Status {
	case "failed", "expired", "cancelled", "undelivered":
		return message, fmt.Errorf("message %s is %s", message.ID, message.Status)
	}
	return message, nil
}

func environment(name, standard string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return standard
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: sendcode PHONE CODE")
		os.Exit(64)
	}
	key := make([]byte, 16)
	if _, err := rand.Read(key); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	gateway := Gateway{
		URL:    environment("ESKIZ_GATEWAY_URL", "http://127.0.0.1:8080"),
		Key:    os.Getenv("ESKIZ_GATEWAY_KEY"),
		Client: &http.Client{Timeout: 30 * time.Second},
	}
	message, err := gateway.SendCode(context.Background(), os.Args[1], os.Args[2], hex.EncodeToString(key))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("message %s is %s\n", message.ID, message.Status)
}
