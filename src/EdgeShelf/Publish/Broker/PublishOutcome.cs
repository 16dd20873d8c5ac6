namespace EdgeShelf.Publish.Broker;

/// <summary>The outcome of one PUBLISH or SUBSCRIBE that was answered, or that the broker's limits forbid.</summary>
/// <param name="Reason">Why the broker did not accept it, for people; empty if it did.</param>
readonly record struct PublishOutcome(PublishVerdict Verdict, string Reason)
{
    public bool IsTaken => Verdict < PublishVerdict.RetryLater;
}
