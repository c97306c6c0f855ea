// Sends a code through the gateway. Standard library only.
//
//	ESKIZ_GATEWAY_KEY=… go run . +998901234567 123456
//
// Or leaves making and checking the code to the gateway as well (a key of the scope verify):
//
//	ESKIZ_GATEWAY_KEY=… go run . start +998901234567
//	ESKIZ_GATEWAY_KEY=… go run . check +998901234567 123456
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

// StartVerification has the gateway make a code and send it; again before it was entered, the same one.
func (g Gateway) StartVerification(ctx context.Context, phone string) (id string, err error) {
	var answer struct {
		ID string `json:"id"`
	}
	err = g.ask(ctx, "/v1/verifications", map[string]string{"to": phone}, &answer)
	return answer.ID, err
}

// CheckCode says whether this is the code that was sent. A code is right once.
func (g Gateway) CheckCode(ctx context.Context, phone, code string) (bool, error) {
	var answer struct {
		Valid bool `json:"valid"`
	}
	err := g.ask(ctx, "/v1/verifications/check", map[string]string{"to": phone, "code": code}, &answer)
	return answer.Valid, err
}

func (g Gateway) ask(ctx context.Context, path string, order map[string]string, answer any) error {
	body, err := json.Marshal(order)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+g.Key)
	request.Header.Set("Content-Type", "application/json")
	response, err := g.Client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusCreated {
		problem := Problem{Code: response.Status, Detail: "the answer is not the gateway's"}
		_ = json.NewDecoder(response.Body).Decode(&problem)
		return fmt.Errorf("%s: %s", problem.Code, problem.Detail)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}

// verify does what the words say: start PHONE, check PHONE CODE.
func verify(gateway Gateway, words []string) error {
	ctx := context.Background()
	if words[0] == "start" {
		id, err := gateway.StartVerification(ctx, words[1])
		if err == nil {
			fmt.Printf("verification %s\n", id)
		}
		return err
	}
	valid, err := gateway.CheckCode(ctx, words[1], words[2])
	if err == nil && !valid {
		return fmt.Errorf("the code is not right")
	}
	return err
}

func environment(name, standard string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return standard
}

func main() {
	words := os.Args[1:]
	isVerify := (len(words) == 2 && words[0] == "start") || (len(words) == 3 && words[0] == "check")
	if len(words) != 2 && !isVerify {
		fmt.Fprintln(os.Stderr, "usage: sendcode PHONE CODE | start PHONE | check PHONE CODE")
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
	if isVerify {
		if err := verify(gateway, words); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	message, err := gateway.SendCode(context.Background(), os.Args[1], os.Args[2], hex.EncodeToString(key))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("message %s is %s\n", message.ID, message.Status)
}
