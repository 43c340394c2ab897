#include "freethreading/platform/object.hpp"

#include "freethreading/platform/process.hpp"

namespace freethreading::platform {
namespace {

// The reference to an object of a process that did not make it.
struct Reference {
    Object* object;
};

void release_garbage(void* payload) {
    auto* const object = static_cast<Object*>(payload);
    object->destroy(object);
}

void release_process_reference(void* payload) {
    auto* const reference = static_cast<Reference*>(payload);
    Object* const object = reference->object;
    Transaction transaction;
    const bool last = release_reference(transaction, object);
    free_block(transaction, reference);
    transaction.commit();
    if (last) object->destroy(object);
}

// A reference of this process, which ends with `release(payload)`.
std::shared_ptr<Object> share(Object* object, Release release, void* payload) {
    return {object, [release, payload, holder = this_process()](Object*) {
                // A copy inherited by fork is not this process's own.
                if (holder != this_process() || root().fork_server_dead.load() != 0) return;
                try {
                    release(payload);
                } catch (const ResourceError&) {  // the fork server died meanwhile: the memory goes
                                                  // when the program ends
                }
            }};
}

}  // namespace

std::shared_ptr<Object> refer_to(Object* object) {
    Transaction transaction;
    auto* const reference = static_cast<Reference*>(
        allocate(transaction, sizeof(Reference), release_process_reference));
    reference->object = object;
    count_reference(transaction, object);
    transaction.commit();
    return share(object, release_process_reference, reference);
}

void count_reference(Transaction& transaction, Object* object) {
    transaction.lock(root().arena_lock);
    transaction.write(object->references, object->references + 1);
}

bool release_reference(Transaction& transaction, Object* object) {
    transaction.lock(root().arena_lock);
    transaction.write(object->references, object->references - 1);
    if (object->references > 0) return false;
    take_over(transaction, object, release_garbage);
    return true;
}

void keep_all_objects() {
    // In one go, since other threads go on; and without a journal, since no other process exists.
    for_each_block_at_once(this_process(), [](void* payload, Release release) {
        if (release == release_process_reference) {
            ++static_cast<Reference*>(payload)->object->references;
        } else if (release == detail::release_own_object) {
            ++static_cast<Object*>(payload)->references;
        }
    });
}

namespace detail {

std::shared_ptr<Object> publish_object(Transaction& transaction, Object* object,
                                       Object::Destroy destroy) {
    object->destroy = destroy;
    object->references = 1;
    transaction.commit();
    return share(object, release_own_object, object);
}

void release_own_object(void* payload) {
    auto* const object = static_cast<Object*>(payload);
    Transaction transaction;
    transaction.lock(root().arena_lock);
    // Nobody's from now on, or, if that was the last reference, garbage of this process's.
    hand_over(transaction, object);
    const bool last = release_reference(transaction, object);
    transaction.commit();
    if (last) object->destroy(object);
}

}  // namespace detail
}  // namespace freethreading::platform
