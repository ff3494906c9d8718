// Requests and responses as plain values. Handlers see these and nothing of the transport: HTTP/1.1 and, later,
// HTTP/2 carry the same values.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cvstroom::http {

// A view of one request. All views stay valid until the reply has been given.
struct Request {
    std::string_view method;  // "GET"
    std::string_view path;    // "/services/openservices/v1/kandidaten", as sent (percent-encoded)
    std::string_view query;   // what stands after '?', as sent; empty when there is none
    std::string_view body;
    std::string_view remote;  // the peer's address, for logs
    // In the order received, names as sent; compare with equal_ignoring_case (RFC 9110 §5.1).
    std::vector<std::pair<std::string_view, std::string_view>> fields;

    // The field's value, trimmed; several fields of that name are NOT joined: the first one counts. Empty when absent.
    std::string_view field(std::string_view name) const;
    bool has_field(std::string_view name) const;
};

// A body that is owned by the response, or shared with a cache (never changed once shared).
using Body = std::variant<std::string, std::shared_ptr<const std::string>>;
std::string_view view(const Body& body);

struct Response {
    unsigned status = 200;
    // Names are literals or otherwise outlive the response. Content-Length, Date and Connection are the listener's to
    // add.
    std::vector<std::pair<std::string_view, std::string>> fields;
    Body body;

    Response& set(std::string_view name, std::string value);  // replaces a field of that name
    std::string_view field(std::string_view name) const;      // empty when absent
};

// Gives the answer; called exactly once, from any thread, at once or later. Dropping every copy uncalled answers 500.
using Reply = std::function<void(Response)>;

// Handles requests; called concurrently from all of a listener's threads. Must not block for long.
class Handler {
  public:
    virtual ~Handler() = default;
    virtual void handle(const Request& request, Reply reply) = 0;
    // The answer to a request that never became one (bytes that are no HTTP, limits passed): the transport gives the
    // status and an English reason, the handler the body in the project's form (SPEC 1).
    virtual Response refuse(unsigned status, std::string_view reason) = 0;
};

}  // namespace cvstroom::http
