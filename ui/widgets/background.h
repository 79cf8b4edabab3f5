#pragma once

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>
#include <utility>

namespace vl {

/// Runs `work` on a thread of the pool and then `done` with what it returned on the GUI thread,
/// unless `context` is gone by then.
template <typename Work, typename Done>
void runInBackground(QObject* context, Work work, Done done) {
  QThreadPool::globalInstance()->start([guard = QPointer<QObject>(context), work = std::move(work),
                                        done = std::move(done)]() mutable {
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [guard, done = std::move(done), result = work()]() mutable {
          if (guard) done(std::move(result));
        },
        Qt::QueuedConnection);
  });
}

}  // namespace vl
