#pragma once
/// \file
/// An item, argument or result on its way through an implementation that serializes it, which may
/// fail (rule 6.3). The traits derive from it, with the hooks that their library asks for:
///
///     struct Parcel : conformance::kit::Parcel {
///         using conformance::kit::Parcel::Parcel;
///         template <class Archive> void save(Archive& archive) const { depart(), archive(json); }
///         template <class Archive> void load(Archive& archive) { archive(json), arrive(); }
///     };
///
/// Traits without one have texts instead, and opaque values are no capability.

#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace conformance::kit {

class CannotBeTransferred : public std::exception {
  public:
    [[nodiscard]] const char* what() const noexcept override { return "it cannot be transferred"; }
};
class CannotBeRebuilt : public std::exception {
  public:
    [[nodiscard]] const char* what() const noexcept override { return "it cannot be rebuilt"; }
};

struct Parcel {
    Parcel() = default;
    explicit Parcel(std::string value) : json(std::move(value)) {}
    operator const std::string&() const { return json; }  // NOLINT(google-explicit-constructor)

    /// The sender is about to serialize it. Throws CannotBeTransferred.
    void depart() const {
        if (holds("transfer") || (is_spoilt && holds("spoilt"))) throw CannotBeTransferred();
    }
    /// The receiver has rebuilt it. Throws CannotBeRebuilt.
    void arrive() const {
        if (holds("rebuild")) throw CannotBeRebuilt();
    }

    /// One that can be transferred until `is_spoilt` is set for the calling thread.
    [[nodiscard]] static std::string spoilt_json() { return R"({"opaque":"spoilt"})"; }
    static inline thread_local bool is_spoilt = false;

    std::string json{};

  private:
    // In JSON nothing but an object begins so: inside of texts quotation marks are escaped.
    static constexpr std::string_view beginning = R"({"opaque":")";
    [[nodiscard]] bool holds(std::string_view kind) const {
        for (std::size_t at = json.find(beginning); at != std::string::npos;
             at = json.find(beginning, at + 1)) {
            if (std::string_view(json).substr(at + beginning.size()).starts_with(kind)) return true;
        }
        return false;
    }
};

/// What stands for values: the traits' parcels, or else texts.
template <class Traits>
struct TextType : std::type_identity<std::string> {};
template <class Traits>
    requires requires { typename Traits::Parcel; }
struct TextType<Traits> : std::type_identity<typename Traits::Parcel> {};
template <class Traits>
using text_type = typename TextType<Traits>::type;

template <class Traits>
inline constexpr bool has_parcels = std::is_base_of_v<Parcel, text_type<Traits>>;

/// The creator's own copy changes after it was passed on (rule 5.20).
inline void change(std::string& text) {
    text.assign(R"("changed")");
}
inline void change(Parcel& parcel) {
    change(parcel.json);
}

}  // namespace conformance::kit
