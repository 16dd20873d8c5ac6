namespace EdgeShelf.Publish.Broker;

/// <summary>What became of one PUBLISH or SUBSCRIBE that was answered, or that the broker's own limits forbid.</summary>
/// <param name="Reason">Why it was not taken, for people; empty where it was.</param>
readonly record struct PublishOutcome(PublishVerdict Verdict, string Reason)
{
    public bool IsTaken => Verdict < PublishVerdict.RetryLater;
}
