<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en_US">
<context>
    <name>EncodedView</name>
    <message numerus="yes">
        <source>One tile of %1 pixels and the overview: %Ln token(s).</source>
        <translation>
            <numerusform>One tile of %1 pixels and the overview: %Ln token.</numerusform>
            <numerusform>One tile of %1 pixels and the overview: %Ln tokens.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 × %2 tiles of %3 pixels and the overview: %Ln token(s).</source>
        <translation>
            <numerusform>%1 × %2 tiles of %3 pixels and the overview: %Ln token.</numerusform>
            <numerusform>%1 × %2 tiles of %3 pixels and the overview: %Ln tokens.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Scaled from %1 to %2, with %n column(s) of padding.</source>
        <translation>
            <numerusform>Scaled from %1 to %2, with %n column of padding.</numerusform>
            <numerusform>Scaled from %1 to %2, with %n columns of padding.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Scaled from %1 to %2, with %n row(s) of padding.</source>
        <translation>
            <numerusform>Scaled from %1 to %2, with %n row of padding.</numerusform>
            <numerusform>Scaled from %1 to %2, with %n rows of padding.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Progress</name>
    <message numerus="yes">
        <source>%Ln token(s)</source>
        <translation>
            <numerusform>%Ln token</numerusform>
            <numerusform>%Ln tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::BoxFiles</name>
    <message numerus="yes">
        <source>%n box(es) were imported</source>
        <translation>
            <numerusform>%n box was imported</numerusform>
            <numerusform>%n boxes were imported</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::BoxWarnings</name>
    <message numerus="yes">
        <source>%n part(s) of the boxes could not be read:</source>
        <translation>
            <numerusform>%n part of the boxes could not be read:</numerusform>
            <numerusform>%n parts of the boxes could not be read:</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::BudgetBar</name>
    <message numerus="yes">
        <source>Text: %Ln token(s)</source>
        <translation>
            <numerusform>Text: %Ln token</numerusform>
            <numerusform>Text: %Ln tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::BudgetNotices</name>
    <message numerus="yes">
        <source>Leave out the %n oldest question(s)</source>
        <translation>
            <numerusform>Leave out the oldest question</numerusform>
            <numerusform>Leave out the %n oldest questions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::ChatPane</name>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>… and %n more</numerusform>
            <numerusform>… and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::ModelDetails</name>
    <message numerus="yes">
        <source>%Ln token(s)</source>
        <translation>
            <numerusform>%Ln token</numerusform>
            <numerusform>%Ln tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::PagePicker</name>
    <message numerus="yes">
        <source>The question has room for %n more image(s); reading the text has no such limit.</source>
        <translation>
            <numerusform>The question has room for %n more image; reading the text has no such limit.</numerusform>
            <numerusform>The question has room for %n more images; reading the text has no such limit.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n page(s) chosen</source>
        <translation>
            <numerusform>%1 of %n page chosen</numerusform>
            <numerusform>%1 of %n pages chosen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::ReadingView</name>
    <message numerus="yes">
        <source>%1 of %n page(s)</source>
        <translation>
            <numerusform>%1 of %n page</numerusform>
            <numerusform>%1 of %n pages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>on %n page(s)</source>
        <translation>
            <numerusform>on %n page</numerusform>
            <numerusform>on %n pages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::ReadingsDialog</name>
    <message numerus="yes">
        <source>%1
%2 of %n page(s) read · %3</source>
        <translation>
            <numerusform>%1
%2 of %n page read · %3</numerusform>
            <numerusform>%1
%2 of %n pages read · %3</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::SessionGroupsModel</name>
    <message numerus="yes">
        <source>%1, %n session(s)</source>
        <comment>a group</comment>
        <translation>
            <numerusform>%1, %n session</numerusform>
            <numerusform>%1, %n sessions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vl::TrashDialog</name>
    <message numerus="yes">
        <source>Delete %n session(s) for good?</source>
        <translation>
            <numerusform>Delete %n session for good?</numerusform>
            <numerusform>Delete %n sessions for good?</numerusform>
        </translation>
    </message>
</context>
</TS>
