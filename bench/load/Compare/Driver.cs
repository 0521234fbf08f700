using System.Globalization;

namespace Countersign.Load.Compare;

/// <summary>Clients of a subject in a process of their own: they warm up, wait, do what is counted, and say how it went.</summary>
internal sealed class Driver(string subject, PinnedProcess process) : IDisposable
{
    public void WaitUntilReady() => process.ReadLine();

    public void Go() => process.WriteLine("go");

    public DriverResult Result() => new(subject, process.ReadLine().Split(' ').Select(pair => pair.Split('='))
        .ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture)));

    public void Dispose() => process.Dispose();
}

internal sealed record DriverResult(string Subject, IReadOnlyDictionary<string, double> Values)
{
    public double this[string name] => Values[name];

    /// <exception cref="LoadException">Something failed, or was resumed that should not be, or the other way round.</exception>
    public void MustHaveDone(int operations, int resumed)
    {
        if (this["failures"] != 0 || this["resumed"] != resumed)
        {
            throw new LoadException($"{Subject}: {this["failures"]} of {operations} operations failed, {this["resumed"]} were resumed where {resumed} should be");
        }
    }
}
