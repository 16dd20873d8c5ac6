using EdgeShelf.Platform;

namespace EdgeShelf.Doctor;

/// <summary>Reports the computer and the operating system.</summary>
/// <param name="root">The root of the file system; tests use another folder.</param>
sealed class BoardCheck(string root = "/") : DoctorCheck
{
    /// <summary>The service needs up to 120 MB in addition to the system.</summary>
    const long EnoughMegabytes = 400;

    public override string Name => "board";

    public override Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        Board board = Board.Read(root);
        return Task.FromResult(board.Megabytes < EnoughMegabytes
            ? Finding.Warning(board.ToString(), $"Less than {EnoughMegabytes} MB of memory is little. Use a system without a desktop on this board.")
            : Finding.Fine(board.ToString()));
    }
}
