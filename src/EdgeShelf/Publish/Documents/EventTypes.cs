namespace EdgeShelf.Publish.Documents;

/// <summary>The values of `type` on `…/event`, with the content of `data`. This is a contract: types are added, but never renamed.</summary>
static class EventTypes
{
    /// <summary>`{"code","trigger","camera","hint"}`: a picture was requested but could not be taken.</summary>
    public const string CaptureFailed = "capture-failed";

    /// <summary>The first picture after one or more failures.</summary>
    public const string CameraBack = "camera-back";

    /// <summary>`{"from","to"}`: another model is used from the next picture on.</summary>
    public const string ModelChanged = "model-changed";

    /// <summary>`{"in_use","hint"}`: the chosen model is damaged, does not fit, or failed with several pictures in a row; an earlier model is in use.</summary>
    public const string ModelRefused = "model-refused";

    /// <summary>`{"count","first_seq","last_seq","reason"}`: a run of messages that were dropped because of a cap.</summary>
    public const string MessagesDropped = "messages-dropped";

    /// <summary>`{"count","first_seq","last_seq","reason"}`: messages that the broker refused for good and that were set aside.</summary>
    public const string MessagesRefused = "messages-refused";

    /// <summary>`{"first_seq","set_aside"}`: the database was lost or damaged; the messages that waited in it are lost, and numbers below `first_seq` are skipped.</summary>
    public const string OutboxRestarted = "outbox-restarted";

    /// <summary>`{"expires_at"}`: the certificate of the device expires within 30 days.</summary>
    public const string CertificateExpires = "certificate-expires";

    /// <summary>`{"ongoing","since"}`: another device connects with the name of this device, or no longer does so.</summary>
    public const string NameConflict = "name-conflict";

    /// <summary><see cref="SlotChangedDocument"/>: the confirmed verdict of a slot changed.</summary>
    public const string SlotChanged = "slot-changed";

    /// <summary><see cref="PlanogramChangedDocument"/>: another planogram is in force.</summary>
    public const string PlanogramChanged = "planogram-changed";

    /// <summary><see cref="SlotsChangedDocument"/>: the places of the bay were set.</summary>
    public const string SlotsChanged = "slots-changed";

    /// <summary>`{"since","reason"}`: the picture no longer lies on the reference picture; there are no verdicts until it does.</summary>
    public const string CameraMoved = "camera-moved";

    /// <summary>`{"since","moved_for_s"}`: the picture lies on the reference picture again, or on a new one.</summary>
    public const string CameraSettled = "camera-settled";

    /// <summary><see cref="ProductTaughtDocument"/>: a product got examples and is compared with from now on.</summary>
    public const string ProductTaught = "product-taught";

    /// <summary>No data: the examples of products were damaged and are gone; the message says where the damaged file is.</summary>
    public const string ExamplesLost = "examples-lost";
}
