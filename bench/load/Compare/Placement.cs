namespace Countersign.Load.Compare;

/// <summary>Cores as taskset takes them, <c>0</c> or <c>0,1</c>: a server's, and those of its clients and backend.</summary>
internal readonly record struct Placement(string Server, string Clients);
