using EdgeShelf.Publish;

namespace EdgeShelf.Tests.Publish;

public sealed class EvidenceQueueTests
{
    [Fact]
    public void PicturesComeInTheirOrderAndTheOldestIsDroppedWhenThereAreTooMany()
    {
        EvidenceQueue queue = new();
        int added = 0;
        queue.Added += () => added++;
        for (int i = 0; i <= EvidenceQueue.Capacity; i++)
            queue.Add($"1-{i:00}", new byte[1]);

        List<string> taken = [];
        while (queue.TryTake(out Evidence? evidence))
            taken.Add(evidence.Slot);

        Assert.Equal(EvidenceQueue.Capacity + 1, added);
        Assert.Equal(Enumerable.Range(1, EvidenceQueue.Capacity).Select(i => $"1-{i:00}"), taken);
    }
}
