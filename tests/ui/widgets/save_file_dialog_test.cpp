#include "ui/widgets/save_file_dialog.h"

#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>
#include <QTimer>

#include "tests/ui/ui_test.h"

namespace vl::test {

class SaveFileDialogTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    asked_ = false;
  }

  void aNameWithoutAnEndingGetsThatOfItsKind() {
    const auto saved = save("street", 0);
    QVERIFY(saved);
    QCOMPARE(saved->file, folder_->filePath("street.json"));
    QCOMPARE(saved->kind, 0);
    const auto text = save("street", 1);
    QCOMPARE(text->file, folder_->filePath("street.txt"));
    QCOMPARE(text->kind, 1);
    QVERIFY(!asked_);
  }

  void anotherEndingIsThePersonsChoice() {
    QCOMPARE(save("street.bak", 0)->file, folder_->filePath("street.bak"));
  }

  void aFileIsNotReplacedUnaskedByTheNameThatItGets() {
    QFile file(folder_->filePath("street.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(!save("street", 0));
    QVERIFY(asked_);
  }

  void cancellingSavesNothing() {
    QTimer::singleShot(0,
                       [] { qobject_cast<QDialog*>(QApplication::activeModalWidget())->reject(); });
    QVERIFY(!askWhereToSave(nullptr, "Save", folder_->filePath("street"), kKinds));
  }

 private:
  inline static const QList<FileKind> kKinds{{"JSON (*.json)", "json"}, {"Text (*.txt)", "txt"}};

  /// What a person does who types the name, chooses the kind, and keeps what there is.
  std::optional<FileToSave> save(const QString& name, int kind) {
    QTimer::singleShot(0, this, [this, name, kind] {
      auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
      if (kind > 0) {
        auto* kinds = dialog->findChild<QComboBox*>("fileTypeCombo");
        kinds->setCurrentIndex(kind);
        emit kinds->textActivated(kinds->currentText());
      }
      dialog->findChild<QLineEdit*>("fileNameEdit")->setText(name);
      QTimer::singleShot(0, this, [this, dialog] {
        auto* question = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        if (question == nullptr) return;
        asked_ = true;
        question->button(QMessageBox::No)->click();
        dialog->reject();
      });
      QMetaObject::invokeMethod(dialog, "accept");
    });
    return askWhereToSave(nullptr, "Save", folder_->filePath("proposed"), kKinds);
  }

  std::unique_ptr<QTemporaryDir> folder_;
  bool asked_ = false;
};

static const Registered<SaveFileDialogTest> kSaveFileDialogTest;

}  // namespace vl::test

#include "save_file_dialog_test.moc"
